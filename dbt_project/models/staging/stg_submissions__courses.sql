with

sheet_rows as (
    select * from {{ source('raw', 'sheet_04_dao_tao') }}
),

typed as (
    select
        submission_id,
        row_number,
        read ->> 'course_code' as course_code,
        read ->> 'course_name' as course_name,
        read ->> 'course_kind' as course_kind,
        (read ->> 'held_on')::date as held_on,
        read ->> 'organiser' as organiser,
        (read ->> 'attendances')::integer as attendances,
        (read ->> 'people')::integer as people,
        (read ->> 'women')::integer as women,
        (read ->> 'women_managers')::integer as women_managers,
        (read ->> 'members_and_workers')::integer as members_and_workers,
        (read ->> 'union_members')::integer as union_members,
        (read ->> 'union_officers')::integer as union_officers,
        (read ->> 'certificates')::integer as certificates,
        (read ->> 'cost')::numeric as cost_million_vnd
    from sheet_rows
)

select * from typed
