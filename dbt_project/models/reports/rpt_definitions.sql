with

measures as (
    select
        *,
        unit_name_vi as unit_of_measure_vi
    from {{ ref('dim_measures') }}
),

indicators as (
    select * from {{ ref('dim_indicators') }}
),

sections as (
    select * from {{ ref('dim_codes') }}
    where code_list = 'report_sections'
)

select
    measures.indicator_code::text as indicator_code,
    measures.measure_code::text as measure_code,
    indicators.indicator_kind::text as indicator_kind,
    indicators.indicator_name_vi::text as indicator_name_vi,
    measures.measure_name_vi::text as measure_name_vi,
    measures.measure_order::integer as measure_order,
    measures.unit::text as unit,
    measures.unit_of_measure_vi::text as unit_of_measure_vi,
    indicators.report_section::text as report_section,
    sections.label_vi::text as report_section_name_vi,
    sections.sort_order::integer as section_order,
    indicators.plan_section::text as plan_section,
    indicators.definition_vi::text as definition_vi,
    indicators.decision_codes::text as decision_codes
from measures
inner join indicators on measures.indicator_code = indicators.indicator_code
left join sections on indicators.report_section = sections.code
