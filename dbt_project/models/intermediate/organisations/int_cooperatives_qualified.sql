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
        evaluated_year,
        organisation_id as registration_number,
        min(first_report_year) filter (where purpose = 'strengthening') as strengthened_year,
        min(first_report_year) filter (where purpose = 'T07') as advised_year,
        min(first_report_year) filter (where purpose = 'T11') as guided_year
    from supported
    group by evaluated_year, organisation_id
),

with_support as (
    select
        cooperatives.*,
        by_purpose.strengthened_year,
        by_purpose.strengthened_year is not null as is_strengthened,
        by_purpose.advised_year is not null as is_advised,
        by_purpose.guided_year is not null as is_guided
    from cooperatives
    left join by_purpose
        on
            cooperatives.report_year = by_purpose.evaluated_year
            and cooperatives.registration_number = by_purpose.registration_number
)

select
    with_support.*,
    is_women_managed and is_operating and is_strengthened
    -- decision A3 may bind cooperatives too
    and (
        union_supported_founding
        or {{ decision('union_founded_binds', 'with_support.report_year') }} <> 'groups_and_cooperatives'
    ) as counts_in_t01,
    is_women_managed and is_majority_female and is_operating and is_founded_under_plan
    and (union_supported_founding or is_advised) as counts_in_t07
from with_support
