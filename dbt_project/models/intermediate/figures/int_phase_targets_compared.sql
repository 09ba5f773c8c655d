with

verdicts as (
    select * from {{ ref('int_verdicts_judged') }}
),

phases as (
    select
        phase,
        extract(year from begins_on)::integer as first_report_year,
        extract(year from ends_on)::integer as last_report_year
    from {{ ref('phases') }}
),

targets as (
    select * from {{ ref('targets') }}
),

paces as (
    select * from {{ ref('int_target_paces_computed') }}
),

-- a phase is judged by its last year that has reports
last_years as (
    select
        phases.phase,
        phases.last_report_year,
        max(verdicts.report_year) as report_year
    from phases
    inner join verdicts on verdicts.report_year between phases.first_report_year and phases.last_report_year
    group by phases.phase, phases.last_report_year
),

-- the next target that is due after the phase, and the distance to it
aimed as (
    select distinct on (last_years.phase, verdicts.indicator_code)
        last_years.phase,
        verdicts.*,
        targets.target as next_target,
        targets.target_year as next_target_year,
        coalesce(targets.target_year, {{ plan_end_year() }})::integer as horizon,
        coalesce(targets.target_year, {{ plan_end_year() }})::integer - verdicts.report_year as years_left
    from last_years
    inner join verdicts on last_years.report_year = verdicts.report_year
    left join targets
        on verdicts.indicator_code = targets.indicator_code and last_years.last_report_year < targets.target_year
    order by last_years.phase, verdicts.indicator_code, targets.target_year
)

select
    aimed.*,
    case when aimed.comparator = '>' then aimed.value > aimed.next_target else aimed.value >= aimed.next_target end
        as is_reached,
    case when aimed.next_target is not null and aimed.value is not null then greatest(aimed.next_target - aimed.value, 0) end
        as remaining,
    coalesce(paces.is_paced, false) as is_paced,
    paces.pace_so_far,
    paces.years_passed,
    paces.pace_withheld,
    paces.pace_withheld_vi
from aimed
left join paces using (indicator_code, report_year)
