with

cooperatives as (
    select
        *,
        {{ cooperative_attributes() }} as attributes
    from {{ ref('int_cooperatives_qualified') }}
),

sectors as (
    select * from {{ ref('code_lists') }}
    where code_list = 'sectors' and {{ holds('flags', "'C15'") }}
),

counted as (
    {{ for_unit_and_province('cooperatives', 'counts_for_province') }}
),

contributed as (
    select
        parts.indicator_code,
        parts.measure_code,
        counted.report_year,
        counted.counted_for,
        parts.part,
        counted.submission_id,
        counted.row_number,
        parts.field_code,
        parts.contribution::numeric as contribution,
        counted.registration_number as organisation_id,
        counted.commune_uid,
        counted.attributes
    from counted
    left join sectors on counted.sector = sectors.code
    cross join lateral (
        values
        ('C03', 'cooperatives', 'numerator', 'women_workers', case when is_operating and is_majority_female then 1 end),
        ('C09', 'in_value_chain', 'numerator', 'value_chain', case when is_operating and value_chain then 1 end),
        -- three stars are the lowest that a product can have
        ('C09', 'with_ocop', 'numerator', 'ocop_stars', case when is_operating and ocop_stars >= 3 then 1 end),
        ('C10', 'insured', 'numerator', 'women_staff_insured', women_staff_insured),
        ('C11', 'members', 'numerator', 'members', members),
        ('C11', 'charter_capital', 'numerator', 'charter_capital', charter_capital_million_vnd),
        ('C11', 'revenue', 'numerator', 'revenue', revenue_million_vnd),
        ('C11', 'profit', 'numerator', 'profit', profit_million_vnd),
        ('C11', 'average_monthly_income', 'numerator', 'average_monthly_income', case when is_women_managed and workers > 0 then average_monthly_income_million_vnd * workers end),
        ('C11', 'average_monthly_income', 'denominator', 'workers', case when is_women_managed and workers > 0 and average_monthly_income_million_vnd is not null then workers end),
        ('C12', 'on_platform', 'numerator', 'on_ecommerce_platform', case when on_ecommerce_platform then 1 end),
        ('C12', 'traceable', 'numerator', 'traceability', case when traceability then 1 end),
        ('C12', 'growing_area_code', 'numerator', 'growing_area_code', case when growing_area_code then 1 end),
        ('C12', 'registered_label', 'numerator', 'registered_label', case when registered_label then 1 end),
        ('C13', 'cooperatives', 'numerator', 'digital_transformation', case when digital_transformation then 1 end),
        ('C14', 'cooperatives', 'numerator', 'mass_organisations', case when mass_organisations then 1 end),
        ('C15', 'cooperatives', 'numerator', 'registration_number', case when is_operating and is_founded_under_plan and sectors.code is not null then 1 end)
    ) as parts (indicator_code, measure_code, part, field_code, contribution)
    where parts.contribution is not null
)

select * from contributed
