{{ config(meta={'slice': 'report_year'}) }}

with

-- each cooperative once a year: the row that counts for the province
cooperative_years as (
    select * from {{ ref('fct_cooperative_years') }}
    where counts_for_province
),

administrative_units as (
    select * from {{ ref('dim_administrative_units') }}
),

units as (
    select * from {{ ref('dim_reporting_units') }}
),

codes as (
    select * from {{ ref('dim_codes') }}
)

select
    cooperative_years.report_year::integer as report_year,
    cooperative_years.registration_number::text as registration_number,
    cooperative_years.cooperative_name::text as cooperative_name,
    cooperative_years.unit_uid::text as unit_uid,
    units.unit_name_vi::text as unit_name_vi,
    cooperative_years.commune_uid::text as commune_uid,
    communes.unit_name::text as commune_name_vi,
    cooperative_years.registered_on::date as registered_on,
    cooperative_years.sector::text as sector,
    sectors.label_vi::text as sector_name_vi,
    cooperative_years.status::text as status,
    statuses.label_vi::text as status_name_vi,
    cooperative_years.classification::text as classification,
    cooperative_years.classification_year::integer as classification_year,
    cooperative_years.members::integer as members,
    cooperative_years.charter_capital_million_vnd::numeric as charter_capital_million_vnd,
    cooperative_years.ocop_stars::integer as ocop_stars,
    cooperative_years.union_supported_founding::boolean as union_supported_founding,
    cooperative_years.is_operating::boolean as is_operating,
    cooperative_years.is_women_managed::boolean as is_women_managed
from cooperative_years
left join units on cooperative_years.unit_uid = units.unit_uid
left join administrative_units as communes on cooperative_years.commune_uid = communes.unit_uid
left join codes as sectors
    on cooperative_years.sector = sectors.code and sectors.code_list = 'sectors'
left join codes as statuses
    on cooperative_years.status = statuses.code and statuses.code_list = 'cooperative_statuses'
