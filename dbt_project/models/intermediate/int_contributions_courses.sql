with

courses as (
    select * from {{ ref('int_courses_current') }}
),

unit_years as (
    select * from {{ ref('int_unit_years') }}
),

report_years as (
    select * from {{ ref('int_report_years') }}
),

counted as (
    select
        courses.*,
        unit_years.report_year as evaluated_year,
        courses.unit_uid as counted_for
    from courses
    inner join unit_years
        on courses.unit_uid = unit_years.unit_uid and courses.report_year <= unit_years.report_year
    where courses.counts_for_unit

    union all

    select
        courses.*,
        report_years.report_year as evaluated_year,
        'province' as counted_for
    from courses
    inner join report_years on courses.report_year <= report_years.report_year
    where courses.counts_for_province
),

contributed as (
    select
        'T06' as indicator_code,
        counted.evaluated_year as report_year,
        counted.counted_for,
        'numerator' as part,
        counted.submission_id,
        counted.row_number,
        parts.field_code,
        parts.contribution::numeric as contribution
    from counted
    cross join lateral (
        values
        ('members_and_workers', members_and_workers),
        ('union_members', union_members)
    ) as parts (field_code, contribution)
    where parts.contribution is not null
)

select * from contributed
