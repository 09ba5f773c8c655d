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
),

joined as (
    select
        narratives.*,
        sections.label_vi as narrative_section_name_vi,
        sections.sort_order as section_order,
        units.unit_name_vi,
        units.unit_kind,
        addressees.label_vi as addressee_name_vi,
        addressees.sort_order as addressee_order,
        submissions.file_name
    from narratives
    left join units on narratives.unit_uid = units.unit_uid
    left join submissions on narratives.submission_id = submissions.submission_id
    left join codes as sections
        on narratives.narrative_section = sections.code and sections.code_list = 'narrative_sections'
    left join codes as addressees on narratives.addressee = addressees.code and addressees.code_list = 'agencies'
)

{{ contracted('joined') }}
