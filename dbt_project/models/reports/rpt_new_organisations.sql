with

new_organisations as (
    select * from {{ ref('fct_new_organisations') }}
),

organisation_years as (
    select
        'cooperative' as organisation_kind,
        report_year,
        registration_number as organisation_id,
        cooperative_name as organisation_name,
        commune_uid,
        sector,
        status,
        'cooperative_statuses' as status_list,
        is_women_managed as women_lead_or_manage,
        union_supported_founding,
        members,
        workers,
        women_workers,
        ocop_stars,
        high_technology,
        submission_id,
        row_number
    from {{ ref('fct_cooperative_years') }}
    where counts_for_province

    union all

    select
        'group' as organisation_kind,
        report_year,
        group_code,
        group_name,
        commune_uid,
        sector,
        status,
        'group_statuses' as status_list,
        woman_leads,
        union_supported_founding,
        members,
        workers,
        women_workers,
        null as ocop_stars,
        null as high_technology,
        submission_id,
        row_number
    from {{ ref('fct_group_years') }}
    where counts_for_province
),

codes as (
    select * from {{ ref('dim_codes') }}
),

joined as (
    select
        new_organisations.*,
        organisation_years.organisation_name,
        units.unit_name_vi,
        communes.unit_name as commune_name_vi,
        {{ label_of('sectors', 'organisation_years.sector') }} as sector_name_vi,
        statuses.label_vi as status_name_vi,
        organisation_years.women_lead_or_manage,
        organisation_years.union_supported_founding,
        organisation_years.members,
        organisation_years.workers,
        organisation_years.women_workers,
        organisation_years.ocop_stars,
        organisation_years.high_technology,
        submissions.file_name,
        organisation_years.row_number
    from new_organisations
    inner join organisation_years using (report_year, organisation_kind, organisation_id)
    left join {{ ref('fct_submissions') }} as submissions on organisation_years.submission_id = submissions.submission_id
    left join {{ ref('dim_reporting_units') }} as units on new_organisations.unit_uid = units.unit_uid
    left join {{ ref('dim_administrative_units') }} as communes on organisation_years.commune_uid = communes.unit_uid
    left join codes as statuses
        on organisation_years.status = statuses.code and organisation_years.status_list = statuses.code_list
)

{{ contracted('joined') }}
