with

report_years as (
    select * from {{ ref('int_years_reported') }}
),

dates as (
    select * from {{ ref('int_publications_scheduled') }}
),

phases as (
    select * from {{ ref('phases') }}
),

clock as (
    select * from {{ ref('stg_quality__build_clock') }}
)

-- the report of a year may be sent until its date has passed; a review whose date no paper sets, always
select
    case when dates.kind = 'annual' then 'T17' else 'T18' end as indicator_code,
    report_years.report_year
from dates
left join phases on dates.kind = 'phase_review' and dates.period = phases.phase
inner join report_years on coalesce(extract(year from phases.ends_on), dates.period) = report_years.report_year
cross join clock
where dates.due_at > clock.passed_until or (dates.kind = 'phase_review' and phases.review_instruction is null)
