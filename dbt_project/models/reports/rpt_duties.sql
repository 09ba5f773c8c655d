with

duties as (
    select * from {{ ref('fct_duties') }}
),

units as (
    select * from {{ ref('dim_reporting_units') }}
),

codes as (
    select * from {{ ref('dim_codes') }}
),

submissions as (
    select * from {{ ref('fct_submissions') }}
)

select
    duties.report_year::integer as report_year,
    sections.code::text as plan_section,
    sections.label_vi::text as plan_section_name_vi,
    duties.duty_code::text as duty_code,
    names.label_vi::text as duty_name_vi,
    names.sort_order::integer as duty_order,
    coalesce(names.flags ~ '\mhonours\M', false)::boolean as is_honour,
    duties.unit_uid::text as unit_uid,
    units.unit_name_vi::text as unit_name_vi,
    units.unit_kind::text as unit_kind,
    duties.duty_status::text as duty_status,
    statuses.label_vi::text as duty_status_name_vi,
    duties.events::integer as events,
    duties.people::integer as people,
    duties.evidence_document::text as evidence_document,
    duties.result::text as result,
    duties.is_programme_ground::boolean as is_programme_ground,
    submissions.file_name::text as file_name,
    duties.submission_id::text as submission_id,
    duties.row_number::integer as row_number
from duties
left join units on duties.unit_uid = units.unit_uid
left join submissions on duties.submission_id = submissions.submission_id
left join codes as names on duties.duty_code = names.code and names.code_list = 'duties'
left join codes as sections
    on sections.code_list = 'plan_sections' and starts_with(duties.duty_code, sections.code || '.')
left join codes as statuses on duties.duty_status = statuses.code and statuses.code_list = 'duty_statuses'
