with

snapshots as (
    select * from {{ ref('stg_registry__snapshots') }}
)

select
    snapshot_id,
    speaks_of,
    pulled_at,
    row_number() over (order by speaks_of) as snapshot_number,
    lag(speaks_of) over (order by speaks_of) as last_speaks_of,
    lead(speaks_of) over (order by speaks_of) as next_speaks_of,
    lead(pulled_at) over (order by speaks_of) as next_pulled_at
from snapshots
