with

cooperatives as (
    select * from {{ ref('rpt_cooperatives') }}
)

select
    report_year::integer as report_year,
    registration_number::text as registration_number,
    cooperative_name::text as cooperative_name,
    unit_uid::text as unit_uid,
    unit_name_vi::text as unit_name_vi,
    commune_uid::text as commune_uid,
    commune_name_vi::text as commune_name_vi,
    registered_on::date as registered_on,
    sector::text as sector,
    sector_name_vi::text as sector_name_vi,
    status::text as status,
    status_name_vi::text as status_name_vi,
    classification::text as classification,
    classification_year::integer as classification_year,
    members::integer as members,
    charter_capital_million_vnd::numeric as charter_capital_million_vnd,
    ocop_stars::integer as ocop_stars,
    union_supported_founding::boolean as union_supported_founding,
    is_operating::boolean as is_operating,
    is_women_managed::boolean as is_women_managed
from cooperatives
