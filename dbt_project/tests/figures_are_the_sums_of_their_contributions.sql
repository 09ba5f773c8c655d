-- Guards the promise of htx explain: what adds up to a figure is known to the row, and nothing else is in it.
-- A unit without a figure (not reported, not applicable) may have contributions of earlier years; they stay unused. So
-- do those to a year without a roster, which a rejected file with a wrong year brings about.
with

figures as (
    select * from {{ ref('fct_indicator_values') }}
    where breakdown = 'total' and basis = 'as_reported'
),

summed as (
    select
        indicator_code,
        measure_code,
        report_year,
        unit_uid,
        sum(case when part = 'numerator' then contribution else 0 end) as numerator,
        sum(case when part = 'denominator' then contribution else 0 end) as denominator
    from {{ ref('int_indicator_contributions') }}
    where report_year in (select roster_units.report_year from {{ ref('int_roster_units') }} as roster_units)
    group by indicator_code, measure_code, report_year, unit_uid
)

select
    indicator_code,
    measure_code,
    report_year,
    unit_uid,
    figures.value_status,
    figures.numerator,
    summed.numerator as summed_numerator,
    figures.denominator,
    summed.denominator as summed_denominator,
    figures.value
from figures
full join summed using (indicator_code, measure_code, report_year, unit_uid)
where
    figures.value_status is null
    or (
        figures.value_status in ('reported', 'estimated', 'nil')
        and (
            figures.numerator is distinct from coalesce(summed.numerator, 0)
            or coalesce(figures.denominator, 0) <> coalesce(summed.denominator, 0)
            or figures.value is distinct from
            case
                when figures.denominator is null then figures.numerator
                when figures.denominator <> 0 then 100 * figures.numerator / figures.denominator
            end
        )
    )
