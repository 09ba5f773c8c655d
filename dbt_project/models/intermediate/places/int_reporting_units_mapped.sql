with

map_units as (
    select * from {{ ref('int_map_units_listed') }}
),

unit_years as (
    select * from {{ ref('int_unit_years_summarised') }}
),

placed as (
    select * from {{ ref('int_communes_placed') }}
),

ground as (
    select * from {{ ref('int_units_mapped') }}
),

-- units of a map, with the reporting units of a year whose area overlaps theirs
sharing as (
    select distinct
        map_units.basis,
        map_units.unit_uid as place_uid,
        unit_years.report_year,
        unit_years.unit_uid
    from map_units
    inner join placed on map_units.unit_uid = placed.unit_uid
    inner join placed as also_placed on placed.commune_uid = also_placed.commune_uid
    inner join unit_years on also_placed.unit_uid = unit_years.unit_uid

    union all

    -- agencies are themselves on every map
    select
        maps.basis,
        unit_years.unit_uid as place_uid,
        unit_years.report_year,
        unit_years.unit_uid
    from unit_years
    cross join {{ ref('maps') }} as maps
    where not unit_years.is_territorial
)

select
    sharing.*,
    coalesce(ground.places ->> sharing.basis = sharing.place_uid, false) as lies_within
from sharing
left join ground on sharing.unit_uid = ground.lies_in_uid
