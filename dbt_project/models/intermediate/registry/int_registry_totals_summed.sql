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
),

counted as (
    select
        registered.report_year,
        registered.organisation_kind <> 'group' and women_managed.registration_number is not null as is_women_managed,
        registered.organisation_kind = 'group' and registered.union_founded as is_union_founded_group,
        coalesce(facts.registered_on >= {{ plan_start() }}, false) as is_founded_under_plan
    from registered
    inner join cut_offs on registered.report_year = cut_offs.report_year
    left join women_managed
        on
            cut_offs.snapshot_id = women_managed.snapshot_id
            and cut_offs.registry_cut_off = women_managed.in_office_on
            and registered.registration_number = women_managed.registration_number
    left join facts on registered.registration_number = facts.registration_number
)

select
    report_year,
    count(*) filter (where is_women_managed) as women_managed,
    count(*) filter (where is_women_managed and is_founded_under_plan) as new_women_managed,
    count(*) filter (where is_union_founded_group) as union_founded_groups
from counted
group by report_year
