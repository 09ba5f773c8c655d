with

comparisons as (
    select * from {{ ref('int_registry_snapshots_paired') }}
),

registered as (
    select * from {{ ref('int_registry_entries_placed') }}
    where organisation_kind <> 'group'
),

women_managed as (
    select * from {{ ref('int_registry_women_managed') }}
),

communes as (
    select * from {{ ref('int_communes_assigned') }}
),

sides as (
    select
        report_year,
        'last_year' as side,
        last_snapshot_id as snapshot_id,
        last_in_office_on as in_office_on
    from comparisons
    where last_snapshot_id is not null

    union all

    select
        report_year,
        'this_year' as side,
        snapshot_id,
        in_office_on
    from comparisons
)

-- both sides lie on the map of the later year: a reform of the map founds and closes nothing
select
    sides.report_year,
    sides.side,
    registered.registration_number,
    registered.status,
    registered.registered_on,
    coalesce(communes.unit_uid, 'unplaced') as unit_uid,
    women_managed.registration_number is not null and registered.status is distinct from 'dissolved' as counts
from sides
inner join registered on sides.snapshot_id = registered.snapshot_id
left join women_managed
    on
        sides.snapshot_id = women_managed.snapshot_id
        and sides.in_office_on = women_managed.in_office_on
        and registered.registration_number = women_managed.registration_number
left join communes on registered.commune_uid = communes.commune_uid and sides.report_year = communes.report_year
