with

targets as (
    select * from {{ ref('rpt_annual_targets') }}
),

codes as (
    select * from {{ ref('dim_codes') }}
)

select
    targets.indicator_code::text as indicator_code,
    targets.indicator_name_vi::text as indicator_name_vi,
    units_of_measure.label_vi::text as unit_of_measure_vi,
    targets.report_year::integer as report_year,
    targets.baseline::numeric as baseline,
    targets.value::numeric as value,
    targets.value_low::numeric as value_low,
    targets.value_high::numeric as value_high,
    targets.comparator::text as comparator,
    targets.target::numeric as target,
    targets.target_year::integer as target_year,
    targets.achieved_pct::numeric as achieved_pct,
    targets.verdict::text as verdict,
    verdicts.label_vi::text as verdict_name_vi
from targets
left join codes as units_of_measure
    on targets.unit = units_of_measure.code and units_of_measure.code_list = 'units_of_measure'
left join codes as verdicts
    on targets.verdict = verdicts.code and verdicts.code_list = 'verdicts'
