with

cooperatives as (
    select * from {{ ref('int_cooperatives_assessed') }}
    where is_programme_ground
),

supported as (
    select * from {{ ref('int_organisations_supported') }}
    where organisation_kind = 'cooperative'
),

by_purpose as (
    select
        organisation_id as registration_number,
        min(first_report_year) filter (where purpose = 'T01') as strengthened_year,
        min(first_report_year) filter (where purpose = 'T07') as advised_year,
        min(first_report_year) filter (where purpose = 'T11') as guided_year
    from supported
    group by organisation_id
),

with_support as (
    select
        cooperatives.*,
        by_purpose.strengthened_year,
        coalesce(by_purpose.strengthened_year <= cooperatives.report_year, false) as is_strengthened,
        coalesce(by_purpose.advised_year <= cooperatives.report_year, false) as is_advised,
        coalesce(by_purpose.guided_year <= cooperatives.report_year, false) as is_guided
    from cooperatives
    left join by_purpose on cooperatives.registration_number = by_purpose.registration_number
)

select
    with_support.*,
    is_women_managed and is_operating and is_strengthened
    -- decision A3 may bind cooperatives too
    and (
        union_supported_founding
        or {{ decision('union_founded_binds') }} <> 'groups_and_cooperatives'
    ) as counts_in_t01,
    is_women_managed and is_majority_female and is_operating and is_founded_under_plan
    and (union_supported_founding or is_advised) as counts_in_t07
from with_support
