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

counted as (
    select * from {{ ref('dim_duties') }}
),

submissions as (
    select * from {{ ref('fct_submissions') }}
),

joined as (
    select
        duties.report_year,
        duties.unit_uid,
        duties.duty_code,
        duties.duty_status,
        case when counted.events_are_vi is not null then duties.events end as events,
        counted.events_are_vi,
        case when counted.people_are_vi is not null then duties.people end as people,
        duties.evidence_document,
        duties.honoured_collectives,
        duties.honoured_individuals,
        duties.estimate_amount_million_vnd,
        duties.estimate_sent_on,
        duties.estimate_addressee,
        duties.result,
        duties.is_programme_ground,
        duties.submission_id,
        duties.row_number,
        sections.code as plan_section,
        sections.label_vi as plan_section_name_vi,
        names.label_vi as duty_name_vi,
        names.sort_order as duty_order,
        coalesce(names.flags ~ '\mhonours\M', false) as is_honour,
        units.unit_name_vi,
        units.unit_kind,
        {{ label_of('duty_statuses', 'duties.duty_status') }} as duty_status_name_vi,
        {{ label_of('agencies', 'duties.estimate_addressee') }} as estimate_addressee_name_vi,
        submissions.file_name
    from duties
    left join units on duties.unit_uid = units.unit_uid
    left join counted on duties.duty_code = counted.duty_code
    left join submissions on duties.submission_id = submissions.submission_id
    left join codes as names on duties.duty_code = names.code and names.code_list = 'duties'
    left join codes as sections
        on sections.code_list = 'plan_sections' and starts_with(duties.duty_code, sections.code || '.')
)

{{ contracted('joined') }}
