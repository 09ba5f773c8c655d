with

snapshots as (
    select * from {{ ref('stg_registry__snapshots') }}
),

contents as (
    select * from {{ source('registry', 'registry_contents') }}
    where table_name = 'classifications'
),

registry_rows as (
    select * from {{ source('registry', 'registry_classifications') }}
)

select
    snapshots.snapshot_id,
    snapshots.speaks_of,
    registry_rows.registration_number,
    registry_rows.year::integer as classification_year,
    registry_rows.score::numeric as score,
    registry_rows.class as classification,
    left(registry_rows.decided_on, 10)::date as decided_on
from snapshots
inner join contents on snapshots.content_id = contents.content_id
inner join registry_rows on contents.row_id = registry_rows.row_id
