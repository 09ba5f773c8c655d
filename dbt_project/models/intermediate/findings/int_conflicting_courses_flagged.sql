with

generic_organisers as (
    select code from {{ ref('code_lists') }}
    where code_list = 'agencies' and {{ holds('flags', "'generic'") }}
),

courses as (
    select courses.*
    from {{ ref('int_courses_reported') }} as courses
    left join generic_organisers on courses.organiser = generic_organisers.code
    where courses.is_programme_ground and generic_organisers.code is null
),

units as (
    select * from {{ ref('int_units_named') }}
)

select
    'X06' as rule_code,
    courses.submission_id,
    '04_DAO_TAO' as sheet_code,
    courses.row_number,
    'course_code' as field_code,
    courses.course_code as value,
    null::text as expected,
    string_agg(units.unit_name_vi, '; ' order by others.unit_uid) as other_unit,
    courses.report_year
from courses
inner join courses as others
    on
        courses.report_year = others.report_year
        and courses.organiser = others.organiser
        and courses.course_code = others.course_code
        and courses.unit_uid <> others.unit_uid
        and (courses.course_kind, courses.held_on) is distinct from (others.course_kind, others.held_on)
inner join units on others.unit_uid = units.unit_uid
group by courses.submission_id, courses.row_number, courses.course_code, courses.report_year
