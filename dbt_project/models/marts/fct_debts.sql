with

list_rows as (
    select * from {{ ref('int_debts_current') }}
)

select
    report_year::integer as report_year,
    unit_uid::text as unit_uid,
    registration_number::text as registration_number,
    debt_kind::text as debt_kind,
    outstanding_million_vnd::numeric as outstanding_million_vnd,
    settled_in_year_million_vnd::numeric as settled_in_year_million_vnd,
    months_overdue::integer as months_overdue,
    is_programme_ground::boolean as is_programme_ground,
    submission_id::text as submission_id,
    row_number::integer as row_number
from list_rows
