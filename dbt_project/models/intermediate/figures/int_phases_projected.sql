with

targets as (
    select * from {{ ref('int_phase_targets_compared') }}
),

codes as (
    select * from {{ ref('code_lists') }}
    where code_list = 'units_of_measure'
),

outlooks as (
    select * from {{ ref('outlooks') }}
),

judged as (
    select
        targets.*,
        case when targets.is_paced and not coalesce(targets.is_reached, false) then targets.remaining / nullif(targets.years_left, 0) end
            as pace_needed,
        case
            when targets.is_paced
                then least(
                    targets.value + targets.pace_so_far * targets.years_left,
                    case when unit = 'percent' then 100 end
                )
        end as expected_value
    from targets
),

said as (
    select
        judged.*,
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
)

select
    said.phase,
    said.indicator_code,
    said.report_year,
    said.value,
    said.comparator,
    said.next_target,
    said.next_target_year,
    said.remaining,
    said.years_left,
    said.pace_needed,
    said.pace_so_far,
    said.expected_value,
    said.limit_value,
    said.outlook,
    said.horizon as expected_in,
    {{ limit_sentence('said') }} as limit_vi,
    {{ target_sentence('outlooks.sentence_vi', 'said', 'units.label_vi', 'steps.label_vi') }} as outlook_vi
from said
inner join outlooks on said.outlook = outlooks.outlook
left join codes as units on units.code = {{ unit_in_words('said.unit') }}
left join codes as steps on steps.code = {{ step_in_words('said.unit') }}
