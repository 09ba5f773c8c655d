with

indicators as (
    select * from {{ ref('indicators') }}
),

sections as (
    select * from {{ ref('report_sections') }}
),

joined as (
    select
        indicators.*,
        indicators.name_vi as indicator_name_vi,
        indicators.name_en as indicator_name_en,
        indicators.numerator as numerator_definition,
        indicators.denominator as denominator_definition,
        indicators.decision as decision_codes,
        sections.section as report_section,
        sections.definition_vi,
        null as valid_from,
        null as valid_to
    from indicators
    left join sections on indicators.indicator_code = sections.indicator_code
)

{{ contracted('joined') }}
