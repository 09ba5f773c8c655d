with

statuses as (
    select * from {{ ref('int_basis_statuses_combined') }}
),

measures as (
    select * from {{ ref('measures') }}
),

sums as (
    select * from {{ ref('int_contributions_summed') }}
),

-- what is missing is a row with a status, not a missing row; of the codes of a breakdown only those that occur
codes as (
    select
        statuses.*,
        'total' as breakdown,
        'total' as breakdown_code
    from statuses

    union all

    select
        statuses.*,
        sums.breakdown,
        sums.breakdown_code
    from statuses
    inner join sums using (indicator_code, measure_code, report_year, unit_uid, basis)
    where sums.breakdown <> 'total' and statuses.value_status not in ('not_reported', 'not_applicable')
)

select
    codes.*,
    measures.aggregation,
    figures.numerator,
    figures.denominator,
    trim_scale(case measures.aggregation
        when 'sum' then figures.numerator
        when 'percent' then 100 * figures.numerator / nullif(figures.denominator, 0)
        when 'mean' then figures.numerator / nullif(figures.denominator, 0)
    end) as value
from codes
inner join measures using (indicator_code, measure_code)
left join sums using (indicator_code, measure_code, breakdown, breakdown_code, report_year, unit_uid, basis)
left join lateral (
    select
        coalesce(sums.numerator, 0) as numerator,
        case when measures.aggregation <> 'sum' then coalesce(sums.denominator, 0) end as denominator
    where codes.value_status not in ('not_reported', 'not_applicable')
) as figures on true
