with

administrative_units as (
    select * from {{ ref('administrative_units') }}
)

select
    uid::text as unit_uid,
    code::text as unit_code,
    level::text as unit_level,
    type::text as unit_type,
    name_full::text as unit_name,
    name_short::text as unit_name_short,
    parent_uid::text as parent_uid,
    province_code::text as province_code,
    (is_programme_ground = 'yes')::boolean as is_programme_ground,
    valid_from::date as valid_from,
    valid_to::date as valid_to,
    note::text as note
from administrative_units
