with

organisation_years as (
    select * from {{ ref('int_organisation_years') }}
),

registered as (
    select * from {{ ref('stg_registry__cooperatives') }}
),

communes as (
    select * from {{ ref('int_communes_valid') }}
),

on_maps as (
    select * from {{ ref('int_communes_on_maps') }}
),

maps as (
    select * from {{ ref('maps') }}
),

cycles as (
    select * from {{ ref('report_cycles') }}
),

-- under which communes reports and registry knew an organisation, and when
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

-- a commune that lies in two units of a map: the one in which the organisation's commune of before lies, if it is
-- one of those that the present commune was made of
by_history as (
    select distinct on (present.organisation_id, present.commune_uid, on_maps.basis)
        present.organisation_id,
        present.commune_uid,
        on_maps.basis,
        on_maps.unit_uid
    from (select distinct organisation_id, commune_uid from known) as present
    cross join maps
    left join on_maps as direct
        on present.commune_uid = direct.commune_uid and maps.basis = direct.basis
    inner join known on present.organisation_id = known.organisation_id
    inner join communes as present_communes on present.commune_uid = present_communes.commune_uid
    inner join communes as known_communes
        on
            known.commune_uid = known_communes.commune_uid
            and present_communes.latest_commune_uid = known_communes.latest_commune_uid
    inner join on_maps on known.commune_uid = on_maps.commune_uid and maps.basis = on_maps.basis
    where direct.unit_uid is null
    order by present.organisation_id, present.commune_uid, on_maps.basis, known.known_on desc, known.commune_uid
)

select * from by_history
