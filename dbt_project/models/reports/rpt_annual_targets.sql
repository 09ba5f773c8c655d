with

verdicts as (
    select * from {{ ref('fct_indicator_verdicts') }}
),

indicators as (
    select * from {{ ref('dim_indicators') }}
)

select
    verdicts.indicator_code::text as indicator_code,
    indicators.indicator_name_vi::text as indicator_name_vi,
    indicators.indicator_name_en::text as indicator_name_en,
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
    verdicts.verdict::text as verdict
from verdicts
inner join indicators on verdicts.indicator_code = indicators.indicator_code
