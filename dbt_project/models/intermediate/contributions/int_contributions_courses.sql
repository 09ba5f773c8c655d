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

course_kinds as (
    select
        code,
        {{ holds('flags', "'C13'") }} as is_digital,
        {{ holds('flags', "'C17'") }} as is_study_tour
    from {{ ref('code_lists') }}
    where code_list = 'course_kinds'
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
        parts.indicator_code,
        parts.measure_code,
        counted.evaluated_year as report_year,
        counted.counted_for,
        'numerator' as part,
        counted.submission_id,
        counted.row_number,
        parts.field_code,
        parts.contribution::numeric as contribution,
        jsonb_build_object('course_kind', counted.course_kind) as attributes
    from counted
    left join course_kinds on counted.course_kind = course_kinds.code
    cross join lateral (
        values
        ('T06', 'value', 'members_and_workers', members_and_workers),
        ('T06', 'value', 'union_members', union_members),
        ('C13', 'people', 'people', case when is_digital then people end),
        -- the year's own, where the others are since the plan began
        ('C17', 'courses', 'course_code', case when is_study_tour and evaluated_year = report_year then 1 end),
        ('C17', 'people', 'people', case when is_study_tour and evaluated_year = report_year then people end)
    ) as parts (indicator_code, measure_code, field_code, contribution)
    where parts.contribution is not null
)

select * from contributed
