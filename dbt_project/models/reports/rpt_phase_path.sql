with

verdicts as (
    select * from {{ ref('fct_indicator_verdicts') }}
),

phases as (
    select * from {{ ref('dim_phases') }}
),

indicators as (
    select * from {{ ref('dim_indicators') }}
),

codes as (
    select * from {{ ref('dim_codes') }}
    where code_list = 'verdicts'
)

select
    phases.phase::integer as phase,
    verdicts.indicator_code::text as indicator_code,
    indicators.indicator_name_vi::text as indicator_name_vi,
    indicators.unit::text as unit,
    verdicts.report_year::integer as report_year,
    indicators.baseline::numeric as baseline,
    verdicts.value::numeric as value,
    verdicts.value_low::numeric as value_low,
    verdicts.value_high::numeric as value_high,
    verdicts.comparator::text as comparator,
    verdicts.target::numeric as target,
    verdicts.target_year::integer as target_year,
    verdicts.achieved_pct::numeric as achieved_pct,
    verdicts.verdict::text as verdict,
    codes.label_vi::text as verdict_name_vi
from verdicts
inner join phases on verdicts.report_year between phases.first_report_year and phases.last_report_year
inner join indicators on verdicts.indicator_code = indicators.indicator_code
left join codes on verdicts.verdict = codes.code
