with

targets as (
    select * from {{ ref('int_phase_targets') }}
),

indicators as (
    select * from {{ ref('dim_indicators') }}
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
        indicators.unit,
        case when targets.is_paced and not coalesce(targets.is_reached, false) then targets.remaining / nullif(targets.years_left, 0) end
            as pace_needed,
        case
            when targets.is_paced
                then least(
                    targets.value + targets.pace_so_far * targets.years_left,
                    case when indicators.unit = 'percent' then 100 end
                )
        end as expected_value
    from targets
    inner join indicators on targets.indicator_code = indicators.indicator_code
),

said as (
    select
        judged.*,
        case
            when next_target is null then 'no_later_target'
            when value is null then 'unknown'
            when is_reached then 'already_reached'
            when not is_paced then 'recurring'
            when pace_so_far is null then 'pace_unknown'
            when pace_so_far <= 0 then 'standing_still'
            when pace_so_far >= pace_needed then 'on_pace'
            else 'behind'
        end as outlook
    from judged
)

select
    said.phase::integer as phase,
    said.indicator_code::text as indicator_code,
    said.report_year::integer as report_year,
    said.value::numeric as value,
    said.comparator::text as comparator,
    said.next_target::numeric as next_target,
    said.next_target_year::integer as next_target_year,
    said.remaining::numeric as remaining,
    said.years_left::integer as years_left,
    said.pace_needed::numeric as pace_needed,
    said.pace_so_far::numeric as pace_so_far,
    said.horizon::integer as expected_in,
    said.expected_value::numeric as expected_value,
    said.limit_value::numeric as limit_value,
    {{ limit_sentence('said') }}::text as limit_vi,
    said.outlook::text as outlook,
    {{ target_sentence('outlooks.sentence_vi', 'said', 'units.label_vi', 'steps.label_vi') }}::text as outlook_vi
from said
inner join outlooks on said.outlook = outlooks.outlook
left join codes as units on units.code = {{ unit_in_words('said.unit') }}
left join codes as steps on steps.code = {{ step_in_words('said.unit') }}
