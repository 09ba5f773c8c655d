with

actions as (
    select
        submission_id,
        row_number,
        report_year,
        unit_uid,
        {{ short_name('organisation_code') }} as short_name
    from {{ ref('int_support_actions_reported') }}
),

in_file as (
    select
        submission_id,
        {{ short_name('cooperative_name') }} as short_name,
        min(registration_number) as registration_number
    from {{ ref('int_cooperatives_reported') }}
    group by submission_id, short_name
    having count(distinct registration_number) = 1
),

in_registry as (
    select
        report_year,
        unit_uid,
        {{ short_name('organisation_name') }} as short_name,
        min(registration_number) as registration_number
    from {{ ref('int_registry_organisations_placed') }}
    where organisation_kind <> 'group'
    group by report_year, unit_uid, short_name
    having count(distinct registration_number) = 1
)

select
    actions.submission_id,
    actions.row_number,
    in_file.registration_number as file_number,
    in_registry.registration_number as registry_number
from actions
left join in_file on actions.submission_id = in_file.submission_id and actions.short_name = in_file.short_name
left join in_registry
    on
        actions.report_year = in_registry.report_year
        and actions.unit_uid = in_registry.unit_uid
        and actions.short_name = in_registry.short_name
where in_file.registration_number is not null or in_registry.registration_number is not null
