with

narratives as (
    select * from {{ ref('fct_narratives') }}
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
    narratives.report_year::integer as report_year,
    narratives.narrative_section::text as narrative_section,
    sections.label_vi::text as narrative_section_name_vi,
    sections.sort_order::integer as section_order,
    narratives.unit_uid::text as unit_uid,
    units.unit_name_vi::text as unit_name_vi,
    units.unit_kind::text as unit_kind,
    narratives.is_union::boolean as is_union,
    narratives.text::text as text,
    narratives.addressee::text as addressee,
    addressees.label_vi::text as addressee_name_vi,
    addressees.sort_order::integer as addressee_order,
    submissions.file_name::text as file_name,
    narratives.submission_id::text as submission_id,
    narratives.row_number::integer as row_number
from narratives
left join units on narratives.unit_uid = units.unit_uid
left join submissions on narratives.submission_id = submissions.submission_id
left join codes as sections
    on narratives.narrative_section = sections.code and sections.code_list = 'narrative_sections'
left join codes as addressees on narratives.addressee = addressees.code and addressees.code_list = 'agencies'
