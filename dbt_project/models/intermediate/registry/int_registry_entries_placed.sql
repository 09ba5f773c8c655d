with

entries as (
    select * from {{ ref('stg_registry__cooperatives') }}
),

communes as (
    select * from {{ ref('int_communes_dated') }}
),

-- the registry keeps a commune's code as it was when the row was last touched
placed as (
    select
        entries.*,
        communes.commune_uid,
        communes.latest_commune_uid
    from entries
    left join communes
        on
            entries.commune_code = communes.commune_code
            and entries.updated_on between communes.valid_from and communes.valid_to
)

select * from placed
