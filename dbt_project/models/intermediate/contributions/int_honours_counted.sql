with

duties as (
    select * from {{ ref('int_duties_reported') }}
),

-- each year with the first window as it is decided for that year
first_windows as (
    select
        report_year as evaluated_year,
        split_part({{ decision('honours_first_window', 'report_year') }}, '-', 1)::integer as first_year,
        split_part({{ decision('honours_first_window', 'report_year') }}, '-', 2)::integer as last_year
    from {{ ref('int_years_reported') }}
),

-- honours that the Union reports as held, with the first year of the window that they fall in
honours as (
    select
        first_windows.evaluated_year,
        duties.*,
        duties.report_year
        - (duties.report_year - first_windows.first_year) % (first_windows.last_year - first_windows.first_year + 1)
            as window_first_year,
        first_windows.last_year - first_windows.first_year as years_more
    from first_windows
    inner join duties on duties.report_year between first_windows.first_year and first_windows.evaluated_year
    where
        duties.duty_code = 'IV.1.c'
        and duties.reporting_unit_code = 'WU-P'
        and duties.duty_status = 'done'
),

held_once as (
    select distinct on (evaluated_year, window_first_year)
        evaluated_year,
        submission_id,
        row_number
    from honours
    -- a window that the plan does not live to the end of is none
    where window_first_year + years_more <= {{ plan_end_year() }}
    order by evaluated_year, window_first_year, report_year
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
