with

cooperatives as (
    select * from {{ ref('int_cooperatives_qualified') }}
),

groups as (
    select * from {{ ref('int_groups_qualified') }}
    where counted_as = 'standing'
),

standing as (
    select
        'T03' as indicator_code,
        '01_HTX' as sheet_code,
        report_year,
        unit_uid,
        counts_for_province,
        registration_number as organisation_id,
        commune_uid,
        submission_id,
        row_number,
        women_stable_jobs
    from cooperatives
    where counts_in_t01

    union all

    select
        'T04' as indicator_code,
        '02_THT' as sheet_code,
        report_year,
        unit_uid,
        counts_for_province,
        group_code as organisation_id,
        commune_uid,
        submission_id,
        row_number,
        women_stable_jobs
    from groups
),

-- decision A22: the gain is on the organisation's first report, from any unit
compared as (
    select
        standing.*,
        first_reported.first_submission_id,
        first_reported.first_row_number,
        first_reported.first_jobs
    from standing
    inner join {{ ref('int_first_jobs_reported') }} as first_reported
        on standing.organisation_id = first_reported.organisation_id and standing.report_year > first_reported.first_year
    where standing.women_stable_jobs is not null and first_reported.first_jobs is not null
),

counted as (
    {{ for_unit_and_province('compared', 'counts_for_province') }}
)

select
    counted.indicator_code,
    'gain' as measure_code,
    counted.report_year,
    counted.counted_for,
    'numerator' as part,
    parts.submission_id,
    counted.sheet_code,
    parts.row_number,
    'women_stable_jobs' as field_code,
    parts.contribution::numeric as contribution,
    counted.organisation_id,
    counted.commune_uid
from counted
cross join lateral (
    values (submission_id, row_number, women_stable_jobs), (first_submission_id, first_row_number, -first_jobs)
) as parts (submission_id, row_number, contribution)
