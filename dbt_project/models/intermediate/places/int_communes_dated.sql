with

administrative_units as (
    select * from {{ ref('administrative_units') }}
),

placed as (
    select * from {{ ref('int_communes_placed') }}
)

select distinct
    administrative_units.uid as commune_uid,
    administrative_units.code as commune_code,
    placed.latest_commune_uid,
    coalesce(administrative_units.valid_from, '-infinity'::date) as valid_from,
    coalesce(administrative_units.valid_to, 'infinity'::date) as valid_to
from administrative_units
inner join placed on administrative_units.uid = placed.commune_uid
where administrative_units.level = 'commune'
