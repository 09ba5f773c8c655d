with

duties as (
    select * from {{ ref('fct_phase_duties') }}
),

codes as (
    select * from {{ ref('dim_codes') }}
),

counted as (
    select * from {{ ref('dim_duties') }}
),

joined as (
    select
        duties.*,
        names.label_vi as duty_name_vi,
        names.sort_order as duty_order,
        sections.code as plan_section,
        sections.label_vi as plan_section_name_vi,
        counted.events_are_vi,
        counted.people_are_vi
    from duties
    inner join codes as names on duties.duty_code = names.code and names.code_list = 'duties'
    left join codes as sections
        on sections.code_list = 'plan_sections' and starts_with(duties.duty_code, sections.code || '.')
    left join counted on duties.duty_code = counted.duty_code
)

{{ contracted('joined') }}
