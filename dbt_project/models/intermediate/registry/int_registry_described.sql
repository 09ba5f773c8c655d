with

snapshots as (
    select * from {{ ref('int_registry_snapshots_ordered') }}
),

registered as (
    select * from {{ ref('int_registry_entries_placed') }}
    where organisation_kind <> 'group'
),

-- how many women hold an office, without names; and the last day on which one took it up or gave it up
women_in_office as (
    select
        snapshot_id,
        registration_number,
        count(*) filter (where speaks_of >= in_office_from and speaks_of < in_office_until) as women,
        greatest(
            max(held_from) filter (where held_from <= speaks_of),
            max(held_to) filter (where held_to <= speaks_of)
        ) as changed_on
    from {{ ref('int_registry_offices_held') }}
    group by snapshot_id, registration_number
),

classified as (
    select distinct on (snapshot_id, registration_number) *
    from {{ ref('stg_registry__classifications') }}
    order by snapshot_id, registration_number, classification_year desc
)

-- all attributes of a cooperative in the registry, and since when, where that is given
select
    snapshots.snapshot_number,
    registered.snapshot_id,
    registered.registration_number,
    jsonb_build_object(
        'registry_entry', 'C', 'cooperative_name', registered.organisation_name, 'tax_code', registered.tax_code,
        'organisation_kind', registered.organisation_kind, 'sector', registered.sector, 'status', registered.status,
        'registered_on', registered.registered_on, 'members', registered.members,
        'charter_capital_million_vnd', trim_scale(registered.charter_capital_vnd / 1000000),
        'union_supported_founding', case when registered.union_founded then 'C' else 'K' end,
        'commune_uid', registered.latest_commune_uid, 'women_in_office', coalesce(women_in_office.women, 0),
        'classification', classified.classification
    ) as facts,
    jsonb_build_object(
        'registry_entry', registered.registered_on, 'status', registered.status_changed_on,
        'women_in_office', women_in_office.changed_on, 'classification', classified.decided_on
    ) as days
from registered
inner join snapshots on registered.snapshot_id = snapshots.snapshot_id
left join women_in_office
    on registered.snapshot_id = women_in_office.snapshot_id and registered.registration_number = women_in_office.registration_number
left join classified
    on registered.snapshot_id = classified.snapshot_id and registered.registration_number = classified.registration_number
