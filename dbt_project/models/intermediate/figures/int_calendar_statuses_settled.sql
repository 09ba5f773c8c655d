with

calendar_measures as (
    select * from {{ ref('measures') }}
    where source = 'calendar'
),

report_years as (
    select * from {{ ref('int_years_reported') }}
),

phases as (
    select * from {{ ref('phases') }}
),

sums as (
    select * from {{ ref('int_contributions_summed') }}
    where basis = 'as_reported' and breakdown = 'total' and unit_uid = 'province'
)

-- a review exists for the last year of its phase; what nobody recorded as sent has no figure
select
    calendar_measures.indicator_code,
    calendar_measures.measure_code,
    report_years.report_year,
    'province' as unit_uid,
    case
        when calendar_measures.indicator_code = 'T18' and phases.phase is null then 'not_applicable'
        when calendar_measures.indicator_code in ('T17', 'T18') and sums.numerator is null then 'not_reported'
        else 'reported'
    end as value_status,
    0 as units_expected,
    0 as units_reported
from calendar_measures
cross join report_years
left join phases on extract(year from phases.ends_on) = report_years.report_year
left join sums using (indicator_code, measure_code, report_year)
