with

list_rows as (
    {{ current_rows(ref('stg_submissions__courses'), '04_DAO_TAO', ['organiser', 'course_code']) }}
),

generic_organisers as (
    select code from {{ ref('code_lists') }}
    where code_list = 'agencies' and {{ holds('flags', "'generic'") }}
),

-- a code that stands for many offices says whose course it is only with the unit that reports it
identified as (
    select
        list_rows.*,
        jsonb_build_array(
            list_rows.organiser, list_rows.course_code, list_rows.course_kind, list_rows.held_on,
            case when generic_organisers.code is not null then list_rows.unit_uid end
        ) as course
    from list_rows
    left join generic_organisers on list_rows.organiser = generic_organisers.code
),

-- a course that several units report, or one unit in several years, is one: the organiser's own row, else the first
-- received
ranked as (
    select
        identified.*,
        row_number() over (
            partition by course
            order by
                is_programme_ground desc, report_year, (reporting_unit_code = organiser) desc,
                received_at, file_name, submission_id
        ) = 1 and is_programme_ground as counts_for_province,
        row_number() over (
            partition by unit_uid, course
            order by is_programme_ground desc, report_year, received_at, file_name, submission_id
        ) = 1 and is_programme_ground as counts_for_unit
    from identified
)

select * from ranked
