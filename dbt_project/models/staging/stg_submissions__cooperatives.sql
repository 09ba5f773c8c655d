with

sheet_rows as (
    select * from {{ source('raw', 'sheet_01_htx') }}
),

typed as (
    select
        submission_id,
        row_number,
        read ->> 'registration_number' as registration_number,
        read ->> 'cooperative_name' as cooperative_name,
        read ->> 'commune_code' as commune_code,
        read ->> 'commune_name' as commune_name,
        (read ->> 'registered_on')::date as registered_on,
        read ->> 'sector' as sector,
        read ->> 'status' as status,
        (read ->> 'union_supported_founding') = 'C' as union_supported_founding,
        (read ->> 'members')::integer as members,
        (read ->> 'women_members')::integer as women_members,
        (read ->> 'workers')::integer as workers,
        (read ->> 'women_workers')::integer as women_workers,
        (read ->> 'managers')::integer as managers,
        (read ->> 'women_managers')::integer as women_managers,
        (read ->> 'woman_leads') = 'C' as woman_leads,
        (read ->> 'women_managers_trained')::integer as women_managers_trained,
        (read ->> 'women_managers_certified')::integer as women_managers_certified,
        (read ->> 'women_in_cooperative')::integer as women_in_cooperative,
        (read ->> 'women_stable_jobs')::integer as women_stable_jobs,
        (read ->> 'women_new_jobs')::integer as women_new_jobs,
        (read ->> 'women_vocational_trained')::integer as women_vocational_trained,
        (read ->> 'members_ecommerce_trained')::integer as members_ecommerce_trained,
        (read ->> 'women_staff_insured')::integer as women_staff_insured,
        read ->> 'classification' as classification,
        (read ->> 'classification_year')::integer as classification_year,
        (read ->> 'charter_capital')::numeric as charter_capital_million_vnd,
        (read ->> 'revenue')::numeric as revenue_million_vnd,
        (read ->> 'average_monthly_income')::numeric as average_monthly_income_million_vnd,
        (read ->> 'profit')::numeric as profit_million_vnd,
        (read ->> 'ocop_stars')::integer as ocop_stars,
        (read ->> 'value_chain') = 'C' as value_chain,
        (read ->> 'high_technology') = 'C' as high_technology,
        (read ->> 'digital_transformation') = 'C' as digital_transformation,
        (read ->> 'on_ecommerce_platform') = 'C' as on_ecommerce_platform,
        (read ->> 'traceability') = 'C' as traceability,
        (read ->> 'growing_area_code') = 'C' as growing_area_code,
        (read ->> 'registered_label') = 'C' as registered_label,
        (read ->> 'mass_organisations') = 'C' as mass_organisations,
        read ->> 'predecessor_group_code' as predecessor_group_code,
        read ->> 'note' as note
    from sheet_rows
)

select * from typed
