with

indicators as (
    select * from {{ ref('indicators') }}
),

sections as (
    select * from {{ ref('report_sections') }}
)

select
    indicators.indicator_code::text as indicator_code,
    indicators.indicator_kind::text as indicator_kind,
    indicators.name_vi::text as indicator_name_vi,
    indicators.name_en::text as indicator_name_en,
    indicators.plan_section::text as plan_section,
    indicators.unit::text as unit,
    indicators.semantics::text as semantics,
    indicators.numerator::text as numerator_definition,
    indicators.denominator::text as denominator_definition,
    indicators.comparator::text as comparator,
    indicators.baseline::numeric as baseline,
    indicators.decision::text as decision_codes,
    sections.section::text as report_section,
    sections.definition_vi::text as definition_vi,
    null::date as valid_from,
    null::date as valid_to
from indicators
left join sections on indicators.indicator_code = sections.indicator_code
