with

snapshots as (
    select * from {{ ref('int_registry_snapshots_ordered') }}
),

described as (
    select * from {{ ref('int_registry_described') }}
),

-- each snapshot with the one before: the cooperatives of either
known as (
    select
        snapshot_number,
        registration_number
    from described

    union

    select
        described.snapshot_number + 1 as snapshot_number,
        described.registration_number
    from described
    inner join snapshots on described.snapshot_number + 1 = snapshots.snapshot_number
),

beside as (
    select
        known.snapshot_number,
        known.registration_number,
        fields.field_code,
        earlier.facts ->> fields.field_code as value_from,
        later.facts ->> fields.field_code as value_to,
        (later.days ->> fields.field_code)::date as valid_on
    from known
    left join described as earlier
        on known.snapshot_number = earlier.snapshot_number + 1 and known.registration_number = earlier.registration_number
    left join described as later
        on known.snapshot_number = later.snapshot_number and known.registration_number = later.registration_number
    cross join lateral jsonb_object_keys(coalesce(later.facts, earlier.facts)) as fields (field_code)
    -- of a cooperative that enters or leaves the registry, that alone is the change
    where (earlier.facts is not null and later.facts is not null) or fields.field_code = 'registry_entry'
),

joined as (
    select
        beside.*,
        snapshots.last_speaks_of as last_said_otherwise_on,
        snapshots.speaks_of as first_said_on,
        snapshots.pulled_at as learned_at,
        snapshots.snapshot_id
    from beside
    inner join snapshots on beside.snapshot_number = snapshots.snapshot_number
    where beside.value_from is distinct from beside.value_to
)

{{ contracted('joined') }}
