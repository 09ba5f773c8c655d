with

projected as (
    select * from {{ ref('int_phases_projected') }}
),

codes as (
    select * from {{ ref('code_lists') }}
    where code_list = 'units_of_measure'
),

outlooks as (
    select * from {{ ref('outlooks') }}
)

select
    projected.phase,
    projected.indicator_code,
    projected.report_year,
    projected.value,
    projected.comparator,
    projected.next_target,
    projected.next_target_year,
    projected.remaining,
    projected.years_left,
    projected.pace_needed,
    projected.pace_so_far,
    projected.expected_value,
    projected.expected_is_capped,
    projected.expected_at_best,
    projected.expected_target,
    projected.pace_withheld,
    projected.pace_withheld_vi,
    projected.limit_value,
    projected.limit_is_most,
    projected.outlook,
    projected.horizon as expected_in,
    {{ limit_sentence('projected') }} as limit_vi,
    {{ target_sentence('outlooks.sentence_vi', 'projected', 'units.label_vi', 'steps.label_vi') }} as outlook_vi
from projected
inner join outlooks on projected.outlook = outlooks.outlook
left join codes as units on units.code = {{ unit_in_words('projected.unit') }}
left join codes as steps on steps.code = {{ step_in_words('projected.unit') }}
