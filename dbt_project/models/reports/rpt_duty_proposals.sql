with

proposed as (
    select * from {{ ref('fct_duty_proposals') }}
),

rules as (
    select * from {{ ref('dim_proposal_rules') }}
),

duties as (
    select
        *,
        {{ label_of('duties', 'phase_duties.duty_code') }} as duty_name_vi,
        {{ label_of('duties', 'phase_duties.duty_code', 'sort_order') }} as duty_order
    from {{ ref('fct_phase_duties') }} as phase_duties
    where is_last_year
),

joined as (
    select
        proposed.*,
        duties.duty_name_vi,
        duties.duty_order,
        duties.report_year,
        rules.proposal,
        duties.assigned_units,
        duties.reported_units,
        duties.done_units,
        duties.in_progress_units
        {%- for sentence in ['proposal_vi', 'because_vi', 'effect_vi'] %},
        {{ filled('rules.' ~ sentence, {
            'duty': 'duties.duty_name_vi',
            'report_year': 'duties.report_year::text',
            'assigned': counted_vi('duties.assigned_units'),
            'reported': counted_vi('duties.reported_units'),
            'silent': counted_vi('duties.assigned_units - duties.reported_units'),
            'begun': counted_vi('duties.done_units + duties.in_progress_units'),
            'not_begun': counted_vi('duties.reported_units - duties.done_units - duties.in_progress_units'),
        }) }} as {{ sentence }}
        {%- endfor %}
    from proposed
    inner join rules on proposed.rule_code = rules.rule_code
    inner join duties on proposed.phase = duties.phase and proposed.duty_code = duties.duty_code
)

{{ contracted('joined') }}
