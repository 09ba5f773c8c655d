with

map_units as (
    select * from {{ ref('int_map_units_listed') }}
),

placed as (
    select * from {{ ref('int_communes_placed') }}
),

-- a commune, and the communes that it was made of
made_of as (
    select distinct
        later.commune_uid,
        earlier.commune_uid as former_uid
    from placed as later
    inner join placed as earlier on later.commune_uid = earlier.unit_uid
),

on_maps as (
    select
        made_of.commune_uid,
        map_units.basis,
        count(distinct map_units.unit_uid) as units,
        min(map_units.unit_uid) as unit_uid
    from made_of
    inner join placed on made_of.former_uid = placed.commune_uid
    inner join map_units on placed.unit_uid = map_units.unit_uid
    group by made_of.commune_uid, map_units.basis
)

-- a commune of today that lies in two former districts is in neither
select
    basis,
    commune_uid,
    unit_uid
from on_maps
where units = 1
