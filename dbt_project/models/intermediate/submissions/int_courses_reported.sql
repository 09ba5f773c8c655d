with

list_rows as (
    {{ current_rows(ref('stg_submissions__courses'), '04_DAO_TAO', ['organiser', 'course_code']) }}
),

-- a course that several units report, or one unit in several years, is one course: the first received
ranked as (
    select
        list_rows.*,
        row_number() over (
            partition by organiser, course_code
            order by is_programme_ground desc, report_year, received_at, file_name, submission_id
        ) = 1 and is_programme_ground as counts_for_province,
        row_number() over (
            partition by unit_uid, organiser, course_code
            order by is_programme_ground desc, report_year, received_at, file_name, submission_id
        ) = 1 and is_programme_ground as counts_for_unit
    from list_rows
)

select * from ranked
