with

registered as (
    select * from {{ ref('int_registry_organisations_placed') }}
    where status is distinct from 'dissolved'
),

cut_offs as (
    select * from {{ ref('int_registry_snapshots_selected') }}
),

women_managed as (
    select * from {{ ref('int_registry_women_managed') }}
),

facts as (
    select * from {{ ref('int_registry_organisations_deduplicated') }}
)

select
    registered.*,
    registered.organisation_kind = 'group' as is_group,
    -- a group that became a cooperative is among the cooperatives
    registered.organisation_kind = 'group' and coalesce(registered.status, '') <> 'became_cooperative' as is_standing_group,
    registered.organisation_kind <> 'group' and women_managed.registration_number is not null as is_women_managed,
    coalesce(facts.registered_on >= {{ plan_start() }}, false) as is_founded_under_plan
from registered
inner join cut_offs on registered.report_year = cut_offs.report_year
left join women_managed
    on
        registered.snapshot_id = women_managed.snapshot_id
        and cut_offs.registry_cut_off = women_managed.in_office_on
        and registered.registration_number = women_managed.registration_number
left join facts on registered.registration_number = facts.registration_number
