with

maps as (
    select * from {{ ref('dim_maps') }}
),

codes as (
    select * from {{ ref('dim_codes') }}
),

unioned as (
    select
        basis,
        unit_level,
        valid_on,
        map_name_vi
    from maps

    union all

    select
        code as basis,
        null as unit_level,
        null as valid_on,
        label_vi as map_name_vi
    from codes
    where code_list = 'bases'
)

{{ contracted('unioned') }}
