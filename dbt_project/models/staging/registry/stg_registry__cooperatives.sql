with

snapshots as (
    select * from {{ ref('stg_registry__snapshots') }}
),

contents as (
    select * from {{ source('registry', 'registry_contents') }}
    where table_name = 'cooperatives'
),

registry_rows as (
    select * from {{ source('registry', 'registry_cooperatives') }}
)

select
    snapshots.snapshot_id,
    snapshots.speaks_of,
    nullif(registry_rows.registration_number, '') as registration_number,
    nullif(registry_rows.tax_code, '') as tax_code,
    registry_rows.name as organisation_name,
    registry_rows.kind as organisation_kind,
    registry_rows.commune_code,
    registry_rows.address,
    registry_rows.sector,
    left(registry_rows.registered_on, 10)::date as registered_on,
    registry_rows.status,
    left(registry_rows.status_changed_on, 10)::date as status_changed_on,
    registry_rows.charter_capital_vnd::numeric as charter_capital_vnd,
    registry_rows.member_count::integer as members,
    registry_rows.union_founded::boolean as union_founded,
    left(registry_rows.updated_at, 10)::date as updated_on
from snapshots
inner join contents on snapshots.content_id = contents.content_id
inner join registry_rows on contents.row_id = registry_rows.row_id
