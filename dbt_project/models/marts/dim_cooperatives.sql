with

snapshots as (
    select * from {{ ref('int_registry_snapshots_ordered') }}
),

registered as (
    select * from {{ ref('stg_registry__cooperatives') }}
    where organisation_kind <> 'group'
),

described as (
    select
        registered.*,
        snapshots.snapshot_number,
        snapshots.pulled_at,
        snapshots.next_speaks_of,
        snapshots.next_pulled_at,
        row_number() over (
            partition by
                registered.registration_number, registered.tax_code, registered.organisation_name,
                registered.organisation_kind, registered.commune_code, registered.sector, registered.registered_on,
                registered.status, registered.charter_capital_vnd, registered.members, registered.union_founded
            order by snapshots.snapshot_number
        ) as same_number
    from registered
    inner join snapshots on registered.snapshot_id = snapshots.snapshot_id
),

-- consecutive pulls with the same content are one version; it ends where the next pull differs, or lacks it
versions as (
    select
        registration_number,
        tax_code,
        organisation_name,
        organisation_kind,
        commune_code,
        sector,
        registered_on,
        status,
        charter_capital_vnd,
        members,
        union_founded,
        min(speaks_of) as valid_from,
        (array_agg(next_speaks_of order by snapshot_number desc))[1] - 1 as valid_to,
        min(pulled_at) as known_from,
        (array_agg(next_pulled_at order by snapshot_number desc))[1] as known_to
    from described
    group by
        registration_number, tax_code, organisation_name, organisation_kind, commune_code, sector,
        registered_on, status, charter_capital_vnd, members, union_founded, snapshot_number - same_number
),

renamed as (
    select
        *,
        organisation_name as cooperative_name,
        charter_capital_vnd / 1000000 as charter_capital_million_vnd,
        union_founded as union_supported_founding
    from versions
)

{{ contracted('renamed') }}
