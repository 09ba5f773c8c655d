with

cut_offs as (
    select * from {{ ref('int_registry_cut_offs') }}
),

registered as (
    select * from {{ ref('stg_registry__cooperatives') }}
),

communes as (
    select * from {{ ref('int_communes_valid') }}
),

placed as (
    select * from {{ ref('int_communes_placed') }}
),

roster_units as (
    select * from {{ ref('int_roster_units') }}
    where is_territorial
),

-- the registry keeps a commune's code as it was when the row was last touched
joined as (
    select
        cut_offs.report_year,
        registered.snapshot_id,
        registered.registration_number,
        registered.organisation_kind,
        registered.organisation_name,
        registered.sector,
        registered.status,
        registered.registered_on,
        registered.members,
        registered.union_founded,
        communes.commune_uid,
        roster_units.unit_uid
    from cut_offs
    inner join registered on cut_offs.snapshot_id = registered.snapshot_id
    left join communes
        on
            registered.commune_code = communes.commune_code
            and registered.updated_on between communes.valid_from and communes.valid_to
    left join placed
        inner join roster_units on placed.unit_uid = roster_units.unit_uid
        on communes.commune_uid = placed.commune_uid and cut_offs.report_year = roster_units.report_year
)

select * from joined
