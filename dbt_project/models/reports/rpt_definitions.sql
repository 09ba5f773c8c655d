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
),

joined as (
    select
        measures.*,
        indicators.indicator_kind,
        indicators.reported_as,
        indicators.indicator_name_vi,
        indicators.report_section,
        sections.label_vi as report_section_name_vi,
        sections.sort_order as section_order,
        indicators.plan_section,
        coalesce(measures.measure_definition_vi, indicators.definition_vi) as definition_vi,
        indicators.decision_codes
    from measures
    inner join indicators on measures.indicator_code = indicators.indicator_code
    left join sections on indicators.report_section = sections.code
)

{{ contracted('joined') }}
