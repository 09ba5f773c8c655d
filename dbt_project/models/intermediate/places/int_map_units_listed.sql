with

maps as (
    select * from {{ ref('maps') }}
),

administrative_units as (
    select * from {{ ref('administrative_units') }}
    where is_programme_ground = 'yes'
)

select
    maps.basis,
    administrative_units.uid as unit_uid
from maps
inner join administrative_units
    on
        maps.unit_level = administrative_units.level
        and maps.valid_on between
        coalesce(administrative_units.valid_from, '-infinity'::date)
        and coalesce(administrative_units.valid_to, 'infinity'::date)
