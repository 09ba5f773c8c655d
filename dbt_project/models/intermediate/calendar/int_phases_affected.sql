with

years as (
    select * from {{ ref('int_years_affected') }}
),

cycles as (
    select * from {{ ref('report_cycles') }}
)

select distinct cycles.phase
from years
inner join cycles on years.report_year = cycles.report_year
