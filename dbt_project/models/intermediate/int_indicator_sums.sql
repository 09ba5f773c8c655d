with

contributions as (
    select * from {{ ref('int_indicator_contributions') }}
),

sums as (
    select
        indicator_code,
        measure_code,
        report_year,
        unit_uid,
        coalesce(sum(contribution) filter (where part = 'numerator'), 0) as numerator,
        coalesce(sum(contribution) filter (where part = 'denominator'), 0) as denominator
    from contributions
    group by indicator_code, measure_code, report_year, unit_uid
)

select * from sums
