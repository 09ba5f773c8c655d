with

cooperatives as (
    select * from {{ ref('int_cooperatives_reported') }}
),

registered as (
    select * from {{ ref('int_registry_organisations_placed') }}
    where organisation_kind <> 'group'
),

cut_offs as (
    select * from {{ ref('int_registry_snapshots_selected') }}
),

women_managed as (
    select * from {{ ref('int_registry_women_managed') }}
)

-- a unit's report of a cooperative, matched with the registry at the cut-off of that year
select
    cooperatives.*,
    registered.registration_number is not null as is_registered,
    registered.organisation_name as registry_name,
    registered.unit_uid as registry_unit_uid,
    registered.status as registry_status,
    registered.registered_on as registry_date,
    registered.members as registry_members,
    registered.sector as registry_sector,
    registered.union_founded as registry_union_founded,
    women_managed.registration_number is not null as registry_is_women_managed,
    cut_offs.snapshot_id,
    {{ short_name('cooperatives.cooperative_name') }} as short_name,
    {{ short_name('registered.organisation_name') }} as registry_short_name
from cooperatives
inner join cut_offs on cooperatives.report_year = cut_offs.report_year
left join registered
    on
        cooperatives.report_year = registered.report_year
        and cooperatives.registration_number = registered.registration_number
left join women_managed
    on
        cut_offs.snapshot_id = women_managed.snapshot_id
        and cut_offs.registry_cut_off = women_managed.in_office_on
        and cooperatives.registration_number = women_managed.registration_number
