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

resolved as (
    select
        actions.*,
        cooperatives.registration_number,
        case
            when cooperatives.registration_number is null
                then coalesce(group_codes.group_code, named_in_unit.group_code, named_anywhere.group_code)
        end as group_code
    from actions
    left join cooperatives on actions.organisation_code = cooperatives.registration_number
    left join group_codes on actions.organisation_code = group_codes.group_code
    left join named_in_unit using (report_year, unit_uid, normalised_name)
    left join named_anywhere on actions.normalised_name = named_anywhere.normalised_name
)

select
    resolved.*,
    case
        when registration_number is not null then 'cooperative'
        when group_code is not null then 'group'
    end as organisation_kind,
    coalesce(registration_number, group_code) as organisation_id
from resolved
