with

snapshots as (
    select * from {{ ref('stg_registry__snapshots') }}
)

{{ contracted('snapshots') }}
