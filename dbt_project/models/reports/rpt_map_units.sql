with

units as (
    select * from {{ ref('dim_administrative_units') }}
    where map_basis is not null
),

renamed as (
    select
        map_basis as basis,
        unit_uid,
        unit_code,
        unit_name as unit_name_vi,
        unit_name_short,
        tile_x,
        tile_y
    from units
)

{{ contracted('renamed') }}
