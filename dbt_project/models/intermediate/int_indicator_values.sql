with

statuses as (
    select * from {{ ref('int_indicator_statuses_settled') }}
),

sums as (
    select * from {{ ref('int_indicator_sums') }}
),

indicators as (
    select * from {{ ref('indicators') }}
),

-- what is missing is a row with a status, not a missing row
joined as (
    select
        statuses.indicator_code,
        'value' as measure_code,
        statuses.report_year,
        statuses.unit_uid,
        statuses.value_status,
        indicators.unit = 'percent' as is_percent,
        indicators.missing_units_matter,
        statuses.value_status not in ('not_reported', 'not_applicable') as has_figure,
        coalesce(sums.numerator, 0) as numerator,
        coalesce(sums.denominator, 0) as denominator
    from statuses
    inner join indicators on statuses.indicator_code = indicators.indicator_code
    left join sums
        on
            statuses.indicator_code = sums.indicator_code
            and statuses.report_year = sums.report_year
            and statuses.unit_uid = sums.unit_uid
),

valued as (
    select
        indicator_code,
        measure_code,
        report_year,
        unit_uid,
        value_status,
        is_percent,
        missing_units_matter,
        case when has_figure then numerator end as numerator,
        case when has_figure and is_percent then denominator end as denominator
    from joined
)

select
    valued.*,
    trim_scale(case when is_percent then 100 * numerator / nullif(denominator, 0) else numerator end) as value
from valued
