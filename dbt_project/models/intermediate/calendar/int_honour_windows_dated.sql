with

first_window as (
    select
        split_part({{ decision('honours_first_window') }}, '-', 1)::integer as first_year,
        split_part({{ decision('honours_first_window') }}, '-', 2)::integer as last_year
)

-- a window that the plan does not live to the end of is none
select
    years.first_year,
    years.first_year + first_window.last_year - first_window.first_year as last_year
from first_window
cross join lateral generate_series(
    first_window.first_year,
    {{ plan_end_year() }}::integer - (first_window.last_year - first_window.first_year),
    first_window.last_year - first_window.first_year + 1
) as years (first_year)
