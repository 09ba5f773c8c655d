with

administrative_units as (
    select * from {{ ref('administrative_units') }}
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
        province_code,
        is_programme_ground = 'yes' as is_programme_ground,
        valid_from,
        valid_to,
        note
    from administrative_units
)

{{ contracted('renamed') }}
