with

report_years as (
    select * from {{ ref('int_years_reported') }}
),

dates as (
    select * from {{ ref('int_publications_scheduled') }}
),

-- "now" is the last event known, a rejected file being none: a build of the same data gives the same verdicts whenever it runs
last_known as (
    select max(instants.at) as at
    from (
        select max(received_at) as at from {{ ref('stg_submissions__received_files') }} where verdict <> 'rejected'
        union all
        select max(published_at) from {{ ref('stg_publications__publications') }}
        union all
        select max(sent_at) from {{ ref('stg_publications__sendings') }}
    ) as instants
),

-- the report of a year, and the review of the first phase, may still be sent
dated as (
    select
        case when dates.kind = 'annual' then 'T17' else 'T18' end as indicator_code,
        report_years.report_year,
        dates.due_at
    from report_years
    inner join dates
        on
            (dates.kind = 'annual' and dates.period = report_years.report_year)
            or (dates.kind = 'phase_review' and dates.period = {{ first_phase() }})
)

select
    dated.indicator_code,
    dated.report_year
from dated
inner join last_known on last_known.at < dated.due_at
