with

list_rows as (
    select * from {{ ref('int_priority_groups_current') }}
)

select
    report_year::integer as report_year,
    unit_uid::text as unit_uid,
    priority_group::text as priority_group,
    women_supported::integer as women_supported,
    women_employed::integer as women_employed,
    is_programme_ground::boolean as is_programme_ground,
    submission_id::text as submission_id,
    row_number::integer as row_number
from list_rows
