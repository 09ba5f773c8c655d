with

list_rows as (
    select * from {{ ref('int_funding_current') }}
)

select
    report_year::integer as report_year,
    unit_uid::text as unit_uid,
    funding_source::text as funding_source,
    planned_million_vnd::numeric as planned_million_vnd,
    allocated_million_vnd::numeric as allocated_million_vnd,
    disbursed_million_vnd::numeric as disbursed_million_vnd,
    borrowers::integer as borrowers,
    outstanding_loans_million_vnd::numeric as outstanding_loans_million_vnd,
    is_programme_ground::boolean as is_programme_ground,
    submission_id::text as submission_id,
    row_number::integer as row_number
from list_rows
