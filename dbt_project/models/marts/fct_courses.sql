with

courses as (
    select * from {{ ref('int_courses_current') }}
)

select
    report_year::integer as report_year,
    unit_uid::text as unit_uid,
    organiser::text as organiser,
    course_code::text as course_code,
    course_name::text as course_name,
    course_kind::text as course_kind,
    held_on::date as held_on,
    attendances::integer as attendances,
    people::integer as people,
    women::integer as women,
    women_managers::integer as women_managers,
    members_and_workers::integer as members_and_workers,
    union_members::integer as union_members,
    union_officers::integer as union_officers,
    certificates::integer as certificates,
    cost_million_vnd::numeric as cost_million_vnd,
    is_programme_ground::boolean as is_programme_ground,
    counts_for_unit::boolean as counts_for_unit,
    counts_for_province::boolean as counts_for_province,
    submission_id::text as submission_id,
    row_number::integer as row_number
from courses
