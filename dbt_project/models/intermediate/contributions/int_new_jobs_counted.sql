with

cooperatives as (
    select * from {{ ref('int_cooperatives_qualified') }}
),

new_cooperatives as (
    select
        report_year,
        registration_number,
        unit_uid as counted_for,
        submission_id,
        row_number,
        women_new_jobs,
        commune_uid
    from cooperatives
    where counts_in_t07

    union all

    select
        report_year,
        registration_number,
        'province' as counted_for,
        submission_id,
        row_number,
        women_new_jobs,
        commune_uid
    from cooperatives
    where counts_in_t07 and counts_for_province
),

-- the year itself by the row at hand, the years before by the row that counted for the province
jobs as (
    select
        report_year,
        counted_for,
        submission_id,
        row_number,
        women_new_jobs,
        registration_number,
        commune_uid
    from new_cooperatives

    union all

    select
        new_cooperatives.report_year,
        new_cooperatives.counted_for,
        earlier.submission_id,
        earlier.row_number,
        earlier.women_new_jobs,
        new_cooperatives.registration_number,
        new_cooperatives.commune_uid
    from new_cooperatives
    inner join cooperatives as earlier
        on
            new_cooperatives.registration_number = earlier.registration_number
            and earlier.report_year < new_cooperatives.report_year
    where earlier.counts_for_province
)

select
    'T08' as indicator_code,
    report_year,
    counted_for,
    'numerator' as part,
    submission_id,
    row_number,
    'women_new_jobs' as field_code,
    women_new_jobs::numeric as contribution,
    registration_number as organisation_id,
    commune_uid
from jobs
