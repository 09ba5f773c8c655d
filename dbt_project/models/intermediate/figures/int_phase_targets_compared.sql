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

limits as (
    select
        target_limits.*,
        measures.baseline
    from {{ ref('target_limits') }} as target_limits
    inner join {{ ref('measures') }} as measures
        on
            target_limits.baseline_indicator_code = measures.indicator_code
            and target_limits.baseline_measure_code = measures.measure_code
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
    limits.limit_vi,
    limits.baseline as limit_baseline,
    added.target as limit_added,
    limits.baseline + coalesce(added.target, 0) as limit_value
from aimed
left join paces using (indicator_code, report_year)
left join limits on aimed.indicator_code = limits.indicator_code and aimed.next_target is not null
left join targets as added
    on limits.added_indicator_code = added.indicator_code and aimed.next_target_year = added.target_year
