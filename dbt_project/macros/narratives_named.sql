{# The narratives of a model with the names of section, unit and addressee, and the file. #}
{% macro narratives_named(model) -%}
with

narratives as (
    select * from {{ ref(model) }}
),

units as (
    select * from {{ ref('dim_reporting_units') }}
),

submissions as (
    select * from {{ ref('fct_submissions') }}
),

joined as (
    select
        narratives.*,
        {{ label_of('narrative_sections', 'narratives.narrative_section') }} as narrative_section_name_vi,
        {{ label_of('narrative_sections', 'narratives.narrative_section', 'sort_order') }} as section_order,
        units.unit_name_vi,
        units.unit_kind,
        {{ label_of('agencies', 'narratives.addressee') }} as addressee_name_vi,
        {{ label_of('agencies', 'narratives.addressee', 'sort_order') }} as addressee_order,
        submissions.file_name
    from narratives
    left join units on narratives.unit_uid = units.unit_uid
    left join submissions on narratives.submission_id = submissions.submission_id
)

{{ contracted('joined') }}
{%- endmacro %}
