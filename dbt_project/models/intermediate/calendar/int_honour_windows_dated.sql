with

-- each year of the plan with the first window as it is decided for that year
first_windows as (
    select
        years.report_year,
        split_part({{ decision('honours_first_window', 'years.report_year') }}, '-', 1)::integer as first_year,
        split_part({{ decision('honours_first_window', 'years.report_year') }}, '-', 2)::integer as last_year
    from generate_series(
        extract(year from {{ plan_start() }})::integer, {{ plan_end_year() }}::integer
    ) as years (report_year)
)

-- a window that the plan does not live to the end of is none
select
    report_year - (last_year - first_year) as first_year,
    report_year as last_year
from first_windows
where report_year >= last_year and (report_year - last_year) % (last_year - first_year + 1) = 0
