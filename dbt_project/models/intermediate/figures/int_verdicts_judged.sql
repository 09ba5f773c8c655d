with

province_values as (
    select * from {{ ref('int_values_bounded') }}
    where
        unit_uid = 'province'
        and basis = 'as_reported'
        and breakdown = 'total'
),

indicators as (
    select * from {{ ref('indicators') }}
    where indicator_kind = 'target'
),

-- the target that a year works towards: the next one that is due
aimed as (
    select distinct on (province_values.indicator_code, province_values.report_year)
        province_values.indicator_code,
        province_values.report_year,
        province_values.value,
        province_values.value_low,
        province_values.value_high,
        province_values.bound_kind,
        indicators.comparator,
        indicators.unit,
        indicators.can_fall,
        indicators.reported_as,
        targets.target,
        targets.target_year
    from province_values
    inner join indicators on province_values.indicator_code = indicators.indicator_code
    left join {{ ref('targets') }} as targets
        on
            province_values.indicator_code = targets.indicator_code
            and province_values.report_year <= targets.target_year
    where province_values.measure_code = 'value'
    order by province_values.indicator_code, province_values.report_year, targets.target_year
),

-- decision A18: "at least" and "100 %" are met at the target, "over" only above it. What is assumed decides nothing; a
-- count stands whatever is missing
compared as (
    select
        aimed.*,
        (bound_kind is distinct from 'assumed' or unit is distinct from 'percent')
        and case when comparator = '>' then value_low > target else value_low >= target end as is_surely_met,
        aimed.report_year < target_year as is_before_target_year,
        case
            -- what is not all of them stays so, whatever a missing report brings
            when unit = 'percent' and target = 100 and value < 100 then false
            when bound_kind = 'assumed' then true
            when comparator = '>' then value_high > target
            else value_high >= target
        end as can_be_met
    from aimed
),

judged as (
    select
        compared.*,
        case
            when target is null then 'tracked'
            -- organisations may close and percentages fall: before its year nothing is met but what cannot fall
            when is_before_target_year and can_fall = 'yes' then 'in_progress'
            when is_surely_met and comparator = '>=' and value > target then 'exceeded'
            when is_surely_met then 'met'
            when is_before_target_year or pending.indicator_code is not null then 'in_progress'
            when reported_as = 'internal' and value is null then 'not_recorded'
            when not can_be_met then 'not_met'
            else 'undecided'
        end as verdict
    from compared
    -- what may still be done in time, in the target's year too
    left join {{ ref('int_verdicts_deferred') }} as pending using (indicator_code, report_year)
)

select
    judged.*,
    100 * value / nullif(target, 0) as achieved_pct,
    case
        when verdict = 'in_progress' and value > target then 'above_target'
        when verdict = 'in_progress' and value = target and comparator <> '>' then 'at_target'
    end as standing
from judged
