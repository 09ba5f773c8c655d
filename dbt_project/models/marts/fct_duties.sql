with

list_rows as (
    select * from {{ ref('int_duties_current') }}
)

select
    report_year::integer as report_year,
    unit_uid::text as unit_uid,
    duty_code::text as duty_code,
    duty_status::text as duty_status,
    events::integer as events,
    people::integer as people,
    evidence_document::text as evidence_document,
    result::text as result,
    is_programme_ground::boolean as is_programme_ground,
    submission_id::text as submission_id,
    row_number::integer as row_number
from list_rows
