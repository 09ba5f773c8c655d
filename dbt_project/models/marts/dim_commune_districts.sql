with

placed as (
    select * from {{ ref('int_communes_placed') }}
),

units as (
    select * from {{ ref('dim_administrative_units') }}
),

maps as (
    select * from {{ ref('maps') }}
    where unit_level = 'district'
),

-- the communes of the day of the districts' map, with the district that each lay in
former as (
    select
        communes.unit_uid as former_uid,
        districts.unit_uid as district_uid,
        districts.unit_code as district_code,
        districts.unit_name as district_name_vi
    from maps
    inner join units as communes
        on
            communes.unit_level = 'commune'
            and maps.valid_on between
            coalesce(communes.valid_from, '-infinity'::date) and coalesce(communes.valid_to, 'infinity'::date)
    inner join units as districts on communes.parent_uid = districts.unit_uid and maps.basis = districts.map_basis
),

joined as (
    select
        communes.unit_uid as commune_uid,
        communes.unit_code as commune_code,
        communes.unit_name as commune_name_vi,
        former.district_uid,
        former.district_code,
        former.district_name_vi,
        count(*) as former_communes,
        count(*) = sum(count(*)) over (partition by communes.unit_uid) as is_whole
    from former
    inner join placed on former.former_uid = placed.commune_uid
    inner join units as communes on placed.unit_uid = communes.unit_uid
    where communes.unit_level = 'commune' and communes.map_basis is not null
    group by
        communes.unit_uid, communes.unit_code, communes.unit_name,
        former.district_uid, former.district_code, former.district_name_vi
)

{{ contracted('joined') }}
