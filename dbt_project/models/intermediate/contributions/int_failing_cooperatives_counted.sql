with

cooperatives as (
    select * from {{ ref('int_cooperatives_qualified') }}
),

statuses as (
    select * from {{ ref('code_lists') }}
    where code_list = 'cooperative_statuses' and {{ holds('flags', "'failing'") }}
),

report_years as (
    select * from {{ ref('int_years_reported') }}
),

-- what failed a year before, as it counted for the province
listed as (
    select
        report_years.report_year,
        cooperatives.registration_number,
        cooperatives.commune_uid,
        cooperatives.submission_id,
        cooperatives.row_number
    from cooperatives
    inner join statuses on cooperatives.status = statuses.code
    inner join report_years on cooperatives.report_year + 1 = report_years.report_year
    where cooperatives.counts_for_province
),

-- with what became of it: for a unit in its own row, for the province in the row that counts
followed as (
    select
        listed.*,
        'province' as counted_for,
        present.submission_id as present_submission_id,
        present.row_number as present_row_number,
        present.status
    from listed
    left join cooperatives as present
        on
            listed.report_year = present.report_year
            and listed.registration_number = present.registration_number
            and present.counts_for_province

    union all

    select
        listed.*,
        present.unit_uid as counted_for,
        present.submission_id as present_submission_id,
        present.row_number as present_row_number,
        present.status
    from listed
    inner join cooperatives as present using (report_year, registration_number)
)

select
    'C07' as indicator_code,
    parts.measure_code,
    followed.report_year,
    followed.counted_for,
    'numerator' as part,
    parts.submission_id,
    parts.row_number,
    'status' as field_code,
    1::numeric as contribution,
    followed.registration_number as organisation_id,
    followed.commune_uid
from followed
cross join lateral (
    values
    ('listed', true, submission_id, row_number),
    ('resolved', status in ('active', 'dissolved'), present_submission_id, present_row_number)
) as parts (measure_code, counts, submission_id, row_number)
where parts.counts
