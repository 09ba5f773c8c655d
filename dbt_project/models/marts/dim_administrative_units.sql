with

administrative_units as (
    select * from {{ ref('administrative_units') }}
),

tiles as (
    select * from {{ ref('map_tiles') }}
),

provinces as (
    select * from {{ ref('province_codes') }}
),

renamed as (
    select
        uid as unit_uid,
        code as unit_code,
        level as unit_level,
        type as unit_type,
        name_full as unit_name,
        name_short as unit_name_short,
        parent_uid,
        administrative_units.province_code,
        provinces.iso_3166_2,
        is_programme_ground = 'yes' as is_programme_ground,
        valid_from,
        valid_to,
        basis as map_basis,
        tile_x,
        tile_y,
        administrative_units.note
    from administrative_units
    left join tiles on administrative_units.uid = tiles.unit_uid
    left join provinces on administrative_units.province_code = provinces.province_code
)

{{ contracted('renamed') }}
