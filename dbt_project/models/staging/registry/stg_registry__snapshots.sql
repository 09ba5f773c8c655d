with

snapshots as (
    select * from {{ source('registry', 'registry_snapshots') }}
),

-- of two pulls that describe one day, the later one is used
latest_of_each_day as (
    select distinct on (speaks_of)
        snapshot_id,
        content_id,
        speaks_of,
        pulled_at
    from snapshots
    order by speaks_of, pulled_at desc, snapshot_id
)

select * from latest_of_each_day
