with

reviewed as (
    select * from {{ ref('rpt_phase_review') }}
),

codes as (
    select * from {{ ref('dim_codes') }}
)

select
    reviewed.phase::integer as phase,
    reviewed.indicator_code::text as indicator_code,
    reviewed.indicator_name_vi::text as indicator_name_vi,
    units_of_measure.label_vi::text as unit_of_measure_vi,
    reviewed.report_year::integer as report_year,
    reviewed.baseline::numeric as baseline,
    reviewed.value::numeric as value,
    reviewed.value_low::numeric as value_low,
    reviewed.value_high::numeric as value_high,
    reviewed.comparator::text as comparator,
    reviewed.target::numeric as target,
    reviewed.target_year::integer as target_year,
    reviewed.achieved_pct::numeric as achieved_pct,
    reviewed.verdict::text as verdict,
    verdicts.label_vi::text as verdict_name_vi,
    reviewed.decision_codes::text as decision_codes,
    reviewed.contributing_units::text as contributing_units,
    reviewed.missing_units::text as missing_units,
    reviewed.outlook::text as outlook
from reviewed
left join codes as units_of_measure
    on reviewed.unit = units_of_measure.code and units_of_measure.code_list = 'units_of_measure'
left join codes as verdicts
    on reviewed.verdict = verdicts.code and verdicts.code_list = 'verdicts'
