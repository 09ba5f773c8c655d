with

-- each cooperative once a year: the row that counts for the province
cooperative_years as (
    select * from {{ ref('fct_cooperative_years') }}
    where counts_for_province
),

new_organisations as (
    select * from {{ ref('fct_new_organisations') }}
    where organisation_kind = 'cooperative'
),

administrative_units as (
    select * from {{ ref('dim_administrative_units') }}
),

units as (
    select * from {{ ref('dim_reporting_units') }}
),

codes as (
    select * from {{ ref('dim_codes') }}
),

submissions as (
    select * from {{ ref('fct_submissions') }}
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
    (new_organisations.organisation_id is not null)::boolean as is_new,
    cooperative_years.sector::text as sector,
    sectors.label_vi::text as sector_name_vi,
    cooperative_years.status::text as status,
    statuses.label_vi::text as status_name_vi,
    cooperative_years.is_operating::boolean as is_operating,
    (statuses.flags ~ '\mfailing\M')::boolean as is_failing,
    cooperative_years.is_women_managed::boolean as is_women_managed,
    cooperative_years.union_supported_founding::boolean as union_supported_founding,
    cooperative_years.members::integer as members,
    cooperative_years.women_members::integer as women_members,
    cooperative_years.workers::integer as workers,
    cooperative_years.women_workers::integer as women_workers,
    cooperative_years.managers::integer as managers,
    cooperative_years.women_managers::integer as women_managers,
    cooperative_years.woman_leads::boolean as woman_leads,
    cooperative_years.women_stable_jobs::integer as women_stable_jobs,
    cooperative_years.women_new_jobs::integer as women_new_jobs,
    cooperative_years.classification::text as classification,
    classifications.label_vi::text as classification_name_vi,
    cooperative_years.classification_year::integer as classification_year,
    cooperative_years.charter_capital_million_vnd::numeric as charter_capital_million_vnd,
    cooperative_years.revenue_million_vnd::numeric as revenue_million_vnd,
    cooperative_years.profit_million_vnd::numeric as profit_million_vnd,
    cooperative_years.average_monthly_income_million_vnd::numeric as average_monthly_income_million_vnd,
    cooperative_years.ocop_stars::integer as ocop_stars,
    submissions.file_name::text as file_name,
    cooperative_years.submission_id::text as submission_id,
    cooperative_years.row_number::integer as row_number
from cooperative_years
left join new_organisations
    on
        cooperative_years.report_year = new_organisations.report_year
        and cooperative_years.registration_number = new_organisations.organisation_id
left join submissions on cooperative_years.submission_id = submissions.submission_id
left join units on cooperative_years.unit_uid = units.unit_uid
left join administrative_units as communes on cooperative_years.commune_uid = communes.unit_uid
left join codes as sectors
    on cooperative_years.sector = sectors.code and sectors.code_list = 'sectors'
left join codes as statuses
    on cooperative_years.status = statuses.code and statuses.code_list = 'cooperative_statuses'
left join codes as classifications
    on cooperative_years.classification = classifications.code and classifications.code_list = 'classifications'
