with

phases as (
    select * from {{ ref('phases') }}
),

years as (
    select * from {{ ref('int_years_reported') }}
)

-- a phase is judged by its last year that has reports
select
    phases.*,
    extract(year from phases.begins_on)::integer as first_report_year,
    extract(year from phases.ends_on)::integer as last_report_year,
    (select max(years.report_year) from years where years.phase = phases.phase) as report_year
from phases
