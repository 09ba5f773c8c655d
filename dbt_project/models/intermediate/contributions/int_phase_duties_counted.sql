with

assigned as (
    select * from {{ ref('int_duties_assigned') }}
),

duties as (
    select * from {{ ref('int_duties_reported') }}
),

phases as (
    select * from {{ ref('int_phases_dated') }}
),

frequencies as (
    select * from {{ ref('duty_frequencies') }}
),

-- what is owed each year stands as said that year; what is owed once, as said up to the year. A unit with a larger area
-- has done its duty, too; its events and people cannot be told apart. What is owed once is done where a unit says done
-- (as C16 and C26 count it): continuously is no end of it
stood as (
    select
        phases.phase,
        assigned.duty_code,
        assigned.report_year,
        assigned.unit_uid,
        array_agg(
            case
                when duties.duty_status = 'continuous' and frequencies.owed_each <> 'year' then 'in_progress'
                else duties.duty_status
            end
        ) as statuses,
        sum(duties.events) filter (where duties.report_year = assigned.report_year and is_programme_ground) as events,
        sum(duties.people) filter (where duties.report_year = assigned.report_year and is_programme_ground) as people
    from assigned
    inner join phases on assigned.report_year between phases.first_report_year and phases.last_report_year
    inner join frequencies on assigned.frequency = frequencies.frequency
    left join duties
        on
            assigned.unit_uid = duties.unit_uid
            and assigned.duty_code = duties.duty_code
            and duties.report_year between
            case when frequencies.owed_each = 'year' then assigned.report_year else phases.first_report_year end
            and assigned.report_year
    group by phases.phase, assigned.duty_code, assigned.report_year, assigned.unit_uid
)

select
    stood.phase,
    stood.duty_code,
    stood.report_year,
    stood.report_year is not distinct from phases.report_year as is_last_year,
    count(*) as assigned_units,
    count(*) filter (where statuses <> array[null]) as reported_units,
    count(*) filter (where statuses && array['done', 'continuous']) as done_units,
    count(*) filter (where statuses && array['in_progress'] and not statuses && array['done', 'continuous']) as in_progress_units,
    sum(events) as events,
    sum(people) as people
from stood
inner join phases on stood.phase = phases.phase
group by stood.phase, stood.duty_code, stood.report_year, phases.report_year
