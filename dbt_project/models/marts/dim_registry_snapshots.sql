with

snapshots as (
    select * from {{ ref('stg_registry__snapshots') }}
)

select
    snapshot_id::text as snapshot_id,
    speaks_of::date as speaks_of,
    pulled_at::timestamptz as pulled_at
from snapshots
