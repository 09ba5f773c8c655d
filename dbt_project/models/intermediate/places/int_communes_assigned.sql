with

placed as (
    select * from {{ ref('int_communes_placed') }}
),

roster_units as (
    select * from {{ ref('int_units_rostered') }}
    where is_territorial
)

select
    roster_units.report_year,
    placed.commune_uid,
    roster_units.unit_uid
from placed
inner join roster_units on placed.unit_uid = roster_units.unit_uid
