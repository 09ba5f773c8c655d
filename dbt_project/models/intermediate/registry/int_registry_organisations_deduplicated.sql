with

registered as (
    select * from {{ ref('stg_registry__cooperatives') }}
),

-- what does not change is taken from the latest snapshot that contains the organisation
latest as (
    select distinct on (registration_number)
        registration_number,
        organisation_kind,
        registered_on,
        snapshot_id
    from registered
    order by registration_number, speaks_of desc
)

select * from latest
