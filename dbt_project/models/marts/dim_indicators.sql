with

indicators as (
    select * from {{ ref('indicators') }}
)

select
    indicator_code::text as indicator_code,
    indicator_kind::text as indicator_kind,
    name_vi::text as indicator_name_vi,
    name_en::text as indicator_name_en,
    plan_section::text as plan_section,
    unit::text as unit,
    semantics::text as semantics,
    numerator::text as numerator_definition,
    denominator::text as denominator_definition,
    comparator::text as comparator,
    baseline::numeric as baseline,
    decision::text as decision_codes,
    null::date as valid_from,
    null::date as valid_to
from indicators
