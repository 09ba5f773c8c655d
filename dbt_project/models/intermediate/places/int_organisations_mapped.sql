with

organisation_years as (
    select * from {{ ref('int_organisations_reported') }}
    where counts_for_province
),

registered as (
    select * from {{ ref('stg_registry__cooperatives') }}
),

communes as (
    select * from {{ ref('int_communes_dated') }}
),

on_maps as (
    select * from {{ ref('int_communes_mapped') }}
),

cycles as (
    select * from {{ ref('report_cycles') }}
),

-- the communes of an organisation in rows that count and in the registry, and when; a double places nobody
known as (
    select
        organisation_years.organisation_id,
        organisation_years.commune_uid,
        cycles.data_window_to as known_on
    from organisation_years
    inner join cycles on organisation_years.report_year = cycles.report_year

    union

    select
        registered.registration_number as organisation_id,
        communes.commune_uid,
        registered.speaks_of as known_on
    from registered
    inner join communes
        on
            registered.commune_code = communes.commune_code
            and registered.updated_on between communes.valid_from and communes.valid_to
),

known_before as (
    select distinct on (known.organisation_id)
        known.organisation_id,
        known.commune_uid,
        communes.latest_commune_uid
    from known
    inner join communes on known.commune_uid = communes.commune_uid
    where communes.commune_uid <> communes.latest_commune_uid
    order by known.organisation_id, known.known_on desc, known.commune_uid
),

-- a commune that lies in two units of a map: the unit in which the commune lies that the organisation was known
-- under last before, if that one became the present one
by_history as (
    select distinct
        known.organisation_id,
        known.commune_uid,
        on_maps.basis,
        on_maps.unit_uid
    from known
    inner join known_before
        on
            known.organisation_id = known_before.organisation_id
            and known.commune_uid = known_before.latest_commune_uid
    inner join on_maps on known_before.commune_uid = on_maps.commune_uid
    left join on_maps as direct on known.commune_uid = direct.commune_uid and on_maps.basis = direct.basis
    where direct.unit_uid is null
)

select * from by_history
