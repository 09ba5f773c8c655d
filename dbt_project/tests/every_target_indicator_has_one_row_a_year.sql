-- The yearly report prints rpt_annual_targets unchanged, so each indicator with a target or a deadline has
-- one row for each year with a roster, and no other rows exist.
with

expected as (
    select
        indicators.indicator_code,
        years.report_year
    from {{ ref('indicators') }} as indicators
    cross join {{ ref('int_years_reported') }} as years
    where indicators.indicator_kind = 'target'
),

shown as (
    select
        indicator_code,
        report_year,
        count(*) as times
    from {{ ref('rpt_annual_targets') }}
    group by indicator_code, report_year
)

select
    indicator_code,
    report_year,
    shown.times
from expected
full join shown using (indicator_code, report_year)
where expected.indicator_code is null or shown.times is distinct from 1
