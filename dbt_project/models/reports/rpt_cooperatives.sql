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

-- the cooperatives of T01, each year
strengthened as (
    select distinct
        report_year,
        organisation_id
    from {{ ref('fct_indicator_contributions') }}
    where indicator_code = 'T01' and measure_code = 'value' and unit_uid = 'province'
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
),

joined as (
    select
        cooperative_years.*,
        units.unit_name_vi,
        communes.unit_name as commune_name_vi,
        latest_communes.unit_name as latest_commune_name_vi,
        new_organisations.organisation_id is not null as is_new,
        strengthened.organisation_id is not null as is_strengthened,
        {{ label_of('sectors', 'cooperative_years.sector') }} as sector_name_vi,
        statuses.label_vi as status_name_vi,
        statuses.flags ~ '\mfailing\M' as is_failing,
        {{ label_of('classifications', 'cooperative_years.classification') }} as classification_name_vi,
        submissions.file_name
    from cooperative_years
    left join new_organisations
        on
            cooperative_years.report_year = new_organisations.report_year
            and cooperative_years.registration_number = new_organisations.organisation_id
    left join strengthened
        on
            cooperative_years.report_year = strengthened.report_year
            and cooperative_years.registration_number = strengthened.organisation_id
    left join submissions on cooperative_years.submission_id = submissions.submission_id
    left join units on cooperative_years.unit_uid = units.unit_uid
    left join administrative_units as communes on cooperative_years.commune_uid = communes.unit_uid
    left join administrative_units as latest_communes
        on cooperative_years.latest_commune_uid = latest_communes.unit_uid
    left join codes as statuses
        on cooperative_years.status = statuses.code and statuses.code_list = 'cooperative_statuses'
)

{{ contracted('joined') }}
