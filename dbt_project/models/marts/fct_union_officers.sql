with

list_rows as (
    select * from {{ ref('int_union_officers_current') }}
)

select
    report_year::integer as report_year,
    unit_uid::text as unit_uid,
    union_level::text as union_level,
    officers::integer as officers,
    officers_skilled::integer as officers_skilled,
    assigned_officers::integer as assigned_officers,
    assigned_officers_trained::integer as assigned_officers_trained,
    is_programme_ground::boolean as is_programme_ground,
    submission_id::text as submission_id,
    row_number::integer as row_number
from list_rows
