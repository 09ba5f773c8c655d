with

snapshots as (
    select * from {{ ref('stg_registry__snapshots') }}
),

contents as (
    select * from {{ source('registry', 'registry_contents') }}
    where table_name = 'managers'
),

registry_rows as (
    select * from {{ source('registry', 'registry_managers') }}
)

select
    snapshots.snapshot_id,
    snapshots.speaks_of,
    registry_rows.registration_number,
    registry_rows.manager_no,
    registry_rows.position as manager_position,
    registry_rows.sex,
    left(registry_rows.held_from, 10)::date as held_from,
    left(registry_rows.held_to, 10)::date as held_to
from snapshots
inner join contents on snapshots.content_id = contents.content_id
inner join registry_rows on contents.row_id = registry_rows.row_id
