with

organisations as (
    select * from {{ ref('int_organisations_reported') }}
    where is_programme_ground and counts_for_province
),

jobs as (
    select
        '01_HTX' as sheet_code,
        submission_id,
        row_number,
        women_stable_jobs
    from {{ ref('stg_submissions__cooperatives') }}

    union all

    select
        '02_THT' as sheet_code,
        submission_id,
        row_number,
        women_stable_jobs
    from {{ ref('stg_submissions__groups') }}
)

select distinct on (organisations.organisation_id)
    organisations.organisation_id,
    organisations.report_year as first_year,
    organisations.submission_id as first_submission_id,
    organisations.row_number as first_row_number,
    jobs.women_stable_jobs as first_jobs
from organisations
inner join jobs using (sheet_code, submission_id, row_number)
order by organisations.organisation_id, organisations.report_year
