with

duties as (
    select * from {{ ref('int_duties_reported') }}
),

report_years as (
    select * from {{ ref('int_years_reported') }}
),

first_window as (
    select
        split_part({{ decision('honours_first_window') }}, '-', 1)::integer as first_year,
        split_part({{ decision('honours_first_window') }}, '-', 2)::integer as last_year
),

-- honours that the Union reports as held, with the first year of the window that they fall in
honours as (
    select
        duties.*,
        duties.report_year
        - (duties.report_year - first_window.first_year) % (first_window.last_year - first_window.first_year + 1)
            as window_first_year
    from duties
    cross join first_window
    where
        duties.duty_code = 'IV.1.c'
        and duties.reporting_unit_code = 'WU-P'
        and duties.duty_status = 'done'
        and duties.report_year >= first_window.first_year
),

held_once as (
    select distinct on (report_years.report_year, honours.window_first_year)
        report_years.report_year as evaluated_year,
        honours.submission_id,
        honours.row_number
    from report_years
    inner join honours on honours.report_year <= report_years.report_year
    cross join first_window
    -- a window that the plan does not live to the end of is none
    where honours.window_first_year + first_window.last_year - first_window.first_year <= {{ plan_end_year() }}
    order by report_years.report_year, honours.window_first_year, honours.report_year
)

select
    'T15' as indicator_code,
    evaluated_year as report_year,
    'province' as counted_for,
    'numerator' as part,
    submission_id,
    row_number,
    'duty_status' as field_code,
    1::numeric as contribution
from held_once
