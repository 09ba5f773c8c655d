with

reporting_units as (
    select * from {{ ref('dim_reporting_units') }}
),

administrative_units as (
    select * from {{ ref('dim_administrative_units') }}
),

codes as (
    select * from {{ ref('dim_codes') }}
),

-- an agency lies on no map
placed as (
    select
        reporting_units.*,
        administrative_units.map_basis as basis,
        administrative_units.parent_uid,
        parents.unit_code as parent_code,
        administrative_units.province_code,
        administrative_units.iso_3166_2,
        administrative_units.tile_x,
        administrative_units.tile_y
    from reporting_units
    left join administrative_units on reporting_units.unit_uid = administrative_units.unit_uid
    left join administrative_units as parents on administrative_units.parent_uid = parents.unit_uid
),

-- figures have these two unit_uids as well
places as (
    select
        codes.code as unit_uid,
        codes.code as unit_kind,
        codes.label_vi as unit_name_vi,
        codes.label_en as unit_name_en
    from codes
    where codes.code_list = 'places'
),

unioned as (
    select
        unit_uid,
        unit_kind,
        unit_name_vi,
        unit_name_en
    from placed

    union all

    select * from places
),

joined as (
    select
        unioned.*,
        placed.reporting_unit_code,
        placed.first_report_year,
        placed.last_report_year,
        placed.valid_from,
        placed.valid_to,
        placed.basis,
        placed.parent_uid,
        placed.parent_code,
        placed.province_code,
        placed.iso_3166_2,
        placed.tile_x,
        placed.tile_y,
        kinds.label_vi as unit_kind_vi,
        kinds.label_en as unit_kind_en
    from unioned
    left join placed on unioned.unit_uid = placed.unit_uid
    left join codes as kinds on unioned.unit_kind = kinds.code and kinds.code_list in ('unit_kinds', 'places')
)

{{ contracted('joined') }}
