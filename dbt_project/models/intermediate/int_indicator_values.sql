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

valued as (
    select
        statuses.indicator_code,
        'value' as measure_code,
        statuses.report_year,
        statuses.unit_uid,
        statuses.value_status,
        indicators.unit = 'percent' as is_percent,
        indicators.missing_units_matter,
        coalesce(sums.numerator, 0) as numerator,
        case when indicators.unit = 'percent' then coalesce(sums.denominator, 0) end as denominator
    from statuses
    inner join indicators on statuses.indicator_code = indicators.indicator_code
    left join sums
        on
            statuses.indicator_code = sums.indicator_code
            and statuses.report_year = sums.report_year
            and statuses.unit_uid = sums.unit_uid
    where statuses.value_status not in ('not_reported', 'not_applicable')

    union all

    -- what is missing is a row with a status, not a missing row
    select
        statuses.indicator_code,
        'value' as measure_code,
        statuses.report_year,
        statuses.unit_uid,
        statuses.value_status,
        indicators.unit = 'percent' as is_percent,
        indicators.missing_units_matter,
        null as numerator,
        null as denominator
    from statuses
    inner join indicators on statuses.indicator_code = indicators.indicator_code
    where statuses.value_status in ('not_reported', 'not_applicable')
)

select
    valued.*,
    case when is_percent then 100 * numerator / nullif(denominator, 0) else numerator end as value
from valued
