with

actions as (
    select
        current_actions.*,
        {{ normalised('current_actions.organisation_code') }} as normalised_name
    from {{ ref('int_support_actions_reported') }} as current_actions
),

cooperatives as (
    select registration_number from {{ ref('int_cooperatives_reported') }}
    union
    select registration_number from {{ ref('int_registry_organisations_deduplicated') }}
    where organisation_kind <> 'group'
),

groups as (
    select * from {{ ref('int_groups_reported') }}
),

group_codes as (
    select group_code from groups
    union
    select registration_number as group_code from {{ ref('int_registry_organisations_deduplicated') }}
    where organisation_kind = 'group'
),

-- a name that the same unit gives to one group only in that year, or else the whole province to one group only
named_in_unit as (
    select
        report_year,
        unit_uid,
        normalised_name,
        min(group_code) as group_code
    from groups
    group by report_year, unit_uid, normalised_name
    having count(distinct group_code) = 1
),

named_anywhere as (
    select
        normalised_name,
        min(group_code) as group_code
    from groups
    group by normalised_name
    having count(distinct group_code) = 1
),

candidates as (
    select
        actions.*,
        coalesce(cooperatives.registration_number, case when group_codes.group_code is null then named.file_number end)
            as reported_number,
        coalesce(group_codes.group_code, named_in_unit.group_code, named_anywhere.group_code) as group_code_or_name,
        named.registry_number
    from actions
    left join cooperatives on actions.organisation_code = cooperatives.registration_number
    left join group_codes on actions.organisation_code = group_codes.group_code
    left join named_in_unit using (report_year, unit_uid, normalised_name)
    left join named_anywhere on actions.normalised_name = named_anywhere.normalised_name
    left join {{ ref('int_cooperatives_named') }} as named
        on actions.submission_id = named.submission_id and actions.row_number = named.row_number
),

resolved as (
    select
        candidates.*,
        coalesce(reported_number, case when group_code_or_name is null then registry_number end) as registration_number,
        case when reported_number is null then group_code_or_name end as group_code
    from candidates
)

select
    resolved.*,
    case
        when registration_number is not null then 'cooperative'
        when group_code is not null then 'group'
    end as organisation_kind,
    coalesce(registration_number, group_code) as organisation_id
from resolved
