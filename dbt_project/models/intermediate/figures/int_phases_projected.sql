with

targets as (
    select
        compared.*,
        limits.limit_vi,
        limits.limit_is_most,
        limits.limit_baseline,
        limits.limit_added,
        limits.limit_actual,
        limits.limit_per_target,
        limits.limit_each,
        limits.limit_value
    from {{ ref('int_phase_targets_compared') }} as compared
    left join {{ ref('int_target_limits_computed') }} as limits using (phase, indicator_code)
),

-- where the pace leads, and where it would if all missing units were as their bounds allow at best
paced as (
    select
        targets.*,
        case when targets.is_paced and not coalesce(targets.is_reached, false) then targets.remaining / nullif(targets.years_left, 0) end
            as pace_needed,
        case when targets.is_paced then targets.value + targets.pace_so_far * targets.years_left end as paced_value,
        (targets.value_high - targets.value) * (1 + targets.years_left / nullif(targets.years_passed, 0)::numeric) as missing_at_best,
        -- the whole, and what the plan's own figures allow
        least(
            case when targets.unit = 'percent' then 100 end,
            case when targets.limit_is_most then targets.limit_value end,
            'infinity'
        ) as most
    from targets
),

judged as (
    select
        paced.*,
        case when paced_value is not null then least(paced_value, most) end as expected_value,
        case when paced_value + missing_at_best is not null then least(paced_value + missing_at_best, most) end as expected_at_best,
        paced_value > most as expected_is_capped
    from paced
)

select
    judged.*,
    {{ set_target('judged.expected_value') }} as expected_target,
    case
        when next_target is null then 'no_later_target'
        when value is null then 'unknown'
        when not is_paced then 'recurring'
        when value > next_target then 'above_target'
        when is_reached then 'at_target'
        when pace_so_far is null then 'pace_unknown'
        when pace_so_far <= 0 then 'standing_still'
        when pace_so_far >= pace_needed then 'on_pace'
        else 'behind'
    end as outlook
from judged
