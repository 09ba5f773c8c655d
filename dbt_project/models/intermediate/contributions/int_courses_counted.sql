with

courses as (
    select * from {{ ref('int_courses_reported') }}
),

unit_years as (
    select * from {{ ref('int_unit_years_summarised') }}
),

report_years as (
    select * from {{ ref('int_years_reported') }}
),

course_kinds as (
    select
        code,
        {{ holds('flags', "'C13'") }} as is_digital,
        {{ holds('flags', "'C17'") }} as is_study_tour
    from {{ ref('code_lists') }}
    where code_list = 'course_kinds'
),

evaluated as (
    select
        courses.*,
        unit_years.report_year as evaluated_year,
        courses.unit_uid as counted_for
    from courses
    inner join unit_years on courses.unit_uid = unit_years.unit_uid and courses.report_year <= unit_years.report_year
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

-- cumulative since the plan began, but for figures of the year alone (is_of_report_year)
counted as (
    select
        evaluated.evaluated_year as report_year,
        evaluated.report_year = evaluated.evaluated_year as is_of_report_year,
        evaluated.counted_for,
        evaluated.submission_id,
        evaluated.row_number,
        evaluated.people,
        evaluated.members_and_workers,
        evaluated.union_members,
        course_kinds.is_digital,
        course_kinds.is_study_tour,
        jsonb_build_object('course_kind', evaluated.course_kind) as attributes
    from evaluated
    left join course_kinds on evaluated.course_kind = course_kinds.code
),

{{ contributions_by_rule('courses', 'counted', ['submission_id', 'row_number', 'attributes']) }}
