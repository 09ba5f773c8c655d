with

verdicts as (
    select * from {{ ref('int_verdicts_judged') }}
),

phases as (
    select * from {{ ref('int_phases_dated') }}
),

targets as (
    select * from {{ ref('targets') }}
),

paces as (
    select * from {{ ref('int_target_paces_computed') }}
),

plan as (
    select max(last_report_year) as last_report_year from phases
),

-- the next target that is due after the phase, and the distance to it
aimed as (
    select distinct on (phases.phase, verdicts.indicator_code)
        phases.phase,
        verdicts.*,
        targets.target as next_target,
        targets.target_year as next_target_year,
        coalesce(targets.target_year, plan.last_report_year) as horizon,
        coalesce(targets.target_year, plan.last_report_year) - verdicts.report_year as years_left
    from phases
    cross join plan
    inner join verdicts on phases.report_year = verdicts.report_year
    left join targets
        on verdicts.indicator_code = targets.indicator_code and phases.last_report_year < targets.target_year
    order by phases.phase, verdicts.indicator_code, targets.target_year
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
