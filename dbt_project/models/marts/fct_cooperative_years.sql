{{ config(meta={'slice': 'report_year'}) }}

with

cooperatives as (
    select * from {{ ref('int_cooperatives_assessed') }}
)

select
    report_year::integer as report_year,
    unit_uid::text as unit_uid,
    registration_number::text as registration_number,
    cooperative_name::text as cooperative_name,
    commune_uid::text as commune_uid,
    latest_commune_uid::text as latest_commune_uid,
    registered_on::date as registered_on,
    sector::text as sector,
    status::text as status,
    union_supported_founding::boolean as union_supported_founding,
    members::integer as members,
    women_members::integer as women_members,
    workers::integer as workers,
    women_workers::integer as women_workers,
    managers::integer as managers,
    women_managers::integer as women_managers,
    woman_leads::boolean as woman_leads,
    women_managers_trained::integer as women_managers_trained,
    women_managers_certified::integer as women_managers_certified,
    women_in_cooperative::integer as women_in_cooperative,
    women_stable_jobs::integer as women_stable_jobs,
    women_new_jobs::integer as women_new_jobs,
    women_vocational_trained::integer as women_vocational_trained,
    members_ecommerce_trained::integer as members_ecommerce_trained,
    women_staff_insured::integer as women_staff_insured,
    classification::text as classification,
    classification_year::integer as classification_year,
    charter_capital_million_vnd::numeric as charter_capital_million_vnd,
    revenue_million_vnd::numeric as revenue_million_vnd,
    average_monthly_income_million_vnd::numeric as average_monthly_income_million_vnd,
    profit_million_vnd::numeric as profit_million_vnd,
    ocop_stars::integer as ocop_stars,
    value_chain::boolean as value_chain,
    high_technology::boolean as high_technology,
    digital_transformation::boolean as digital_transformation,
    on_ecommerce_platform::boolean as on_ecommerce_platform,
    traceability::boolean as traceability,
    growing_area_code::boolean as growing_area_code,
    registered_label::boolean as registered_label,
    mass_organisations::boolean as mass_organisations,
    predecessor_group_code::text as predecessor_group_code,
    is_operating::boolean as is_operating,
    is_majority_female::boolean as is_majority_female,
    is_women_managed::boolean as is_women_managed,
    is_in_scope::boolean as is_in_scope,
    is_programme_ground::boolean as is_programme_ground,
    counts_for_province::boolean as counts_for_province,
    submission_id::text as submission_id,
    row_number::integer as row_number
from cooperatives
where {{ is_affected('report_year') }}
