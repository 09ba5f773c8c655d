with

maps as (
    select * from {{ ref('maps') }}
),

-- where a commune, a unit of a map or an agency lies on each map; an agency is itself on all of them
lying as (
    select
        basis,
        commune_uid as lies_in_uid,
        unit_uid as place_uid
    from {{ ref('int_communes_mapped') }}

    union

    select
        basis,
        unit_uid as lies_in_uid,
        unit_uid as place_uid
    from {{ ref('int_map_units_listed') }}

    union

    select
        maps.basis,
        roster_units.unit_uid as lies_in_uid,
        roster_units.unit_uid as place_uid
    from {{ ref('int_units_rostered') }} as roster_units
    cross join maps
    where not roster_units.is_territorial
)

select
    lies_in_uid,
    jsonb_object_agg(basis, place_uid) as places
from lying
group by lies_in_uid
