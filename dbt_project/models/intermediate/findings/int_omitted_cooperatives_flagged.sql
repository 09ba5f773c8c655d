with

left_out as (
    select * from {{ ref('int_registry_cooperatives_omitted') }}
)

select
    'X03' as rule_code,
    submission_id,
    '01_HTX' as sheet_code,
    null::integer as row_number,
    'registration_number' as field_code,
    null::text as value,
    registration_number || ' ' || organisation_name as expected,
    null::text as other_unit,
    report_year
from left_out
