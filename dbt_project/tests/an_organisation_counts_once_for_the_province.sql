-- Of the rows in which units report one cooperative or group in a year, or one course in all years, exactly one counts
-- for the province, if any of them lies in the programme area.
with

rows_reported as (
    select
        '01_HTX' as sheet_code,
        report_year::text as reported_in,
        registration_number as thing,
        is_programme_ground,
        counts_for_province
    from {{ ref('fct_cooperative_years') }}

    union all

    select
        '02_THT' as sheet_code,
        report_year::text as reported_in,
        group_code as thing,
        is_programme_ground,
        counts_for_province
    from {{ ref('fct_group_years') }}

    union all

    select
        '04_DAO_TAO' as sheet_code,
        'all years' as reported_in,
        organiser || ' ' || course_code as thing,
        is_programme_ground,
        counts_for_province
    from {{ ref('fct_courses') }}
)

select
    sheet_code,
    reported_in,
    thing,
    count(*) filter (where counts_for_province) as counted,
    count(*) filter (where is_programme_ground) as of_the_ground
from rows_reported
group by sheet_code, reported_in, thing
having
    count(*) filter (where counts_for_province)
    <> case when count(*) filter (where is_programme_ground) > 0 then 1 else 0 end
