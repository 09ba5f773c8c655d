with

outlook as (
    select * from {{ ref('fct_phase_outlook') }}
),

indicators as (
    select * from {{ ref('dim_indicators') }}
)

select
    outlook.phase::integer as phase,
    outlook.indicator_code::text as indicator_code,
    indicators.indicator_name_vi::text as indicator_name_vi,
    indicators.unit::text as unit,
    outlook.report_year::integer as report_year,
    outlook.value::numeric as value,
    outlook.comparator::text as comparator,
    outlook.next_target::numeric as next_target,
    outlook.next_target_year::integer as next_target_year,
    outlook.remaining::numeric as remaining,
    outlook.years_left::integer as years_left,
    outlook.pace_needed::numeric as pace_needed,
    outlook.pace_so_far::numeric as pace_so_far,
    outlook.expected_in::integer as expected_in,
    outlook.expected_value::numeric as expected_value,
    outlook.limit_value::numeric as limit_value,
    outlook.limit_vi::text as limit_vi,
    outlook.outlook::text as outlook,
    outlook.outlook_vi::text as outlook_vi
from outlook
inner join indicators on outlook.indicator_code = indicators.indicator_code
