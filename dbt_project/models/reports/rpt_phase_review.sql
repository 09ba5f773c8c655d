with

verdicts as (
    select * from {{ ref('fct_indicator_verdicts') }}
),

indicators as (
    select * from {{ ref('dim_indicators') }}
),

outlook as (
    select * from {{ ref('fct_phase_outlook') }}
),

contributions as (
    select * from {{ ref('fct_unit_participation') }}
)

-- a phase is judged by its last year that has reports
select
    outlook.phase::integer as phase,
    outlook.indicator_code::text as indicator_code,
    indicators.indicator_name_vi::text as indicator_name_vi,
    indicators.indicator_name_en::text as indicator_name_en,
    indicators.unit::text as unit,
    outlook.report_year::integer as report_year,
    indicators.baseline::numeric as baseline,
    verdicts.value::numeric as value,
    verdicts.value_low::numeric as value_low,
    verdicts.value_high::numeric as value_high,
    verdicts.comparator::text as comparator,
    verdicts.target::numeric as target,
    verdicts.target_year::integer as target_year,
    verdicts.achieved_pct::numeric as achieved_pct,
    verdicts.verdict::text as verdict,
    indicators.decision_codes::text as decision_codes,
    contributions.contributing_units::text as contributing_units,
    contributions.missing_units::text as missing_units,
    outlook.outlook_vi::text as outlook
from outlook
inner join verdicts on outlook.indicator_code = verdicts.indicator_code and outlook.report_year = verdicts.report_year
inner join indicators on outlook.indicator_code = indicators.indicator_code
left join contributions
    on outlook.indicator_code = contributions.indicator_code and outlook.report_year = contributions.report_year
