with

cooperatives as (
    select * from {{ ref('int_cooperatives_qualified') }}
),

sectors as (
    select * from {{ ref('code_lists') }}
    where code_list = 'sectors' and {{ holds('flags', "'C15'") }}
),

described as (
    select
        cooperatives.*,
        cooperatives.registration_number as organisation_id,
        {{ cooperative_attributes() }} as attributes,
        sectors.code is not null as is_living_service,
        coalesce(results.has_result, false) as has_result,
        -- three stars are the lowest that a product can have
        cooperatives.ocop_stars >= 3 as has_ocop_product,
        case when cooperatives.workers > 0 then cooperatives.average_monthly_income_million_vnd * cooperatives.workers end
            as all_monthly_incomes_million_vnd,
        case when cooperatives.workers > 0 and cooperatives.average_monthly_income_million_vnd is not null then cooperatives.workers end
            as workers_with_income
    from cooperatives
    left join sectors on cooperatives.sector = sectors.code
    left join {{ ref('int_strengthening_results_compared') }} as results
        on
            cooperatives.report_year = results.report_year
            and cooperatives.unit_uid = results.unit_uid
            and cooperatives.registration_number = results.registration_number
),

-- a unit's figure counts its own rows; the province counts each organisation once
counted as (
    {{ for_unit_and_province('described', 'counts_for_province') }}
),

{{ contributions_by_rule(
    'cooperatives', 'counted', ['submission_id', 'row_number', 'organisation_id', 'commune_uid', 'attributes']
) }}
