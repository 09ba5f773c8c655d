with

proposed as (
    select * from {{ ref('fct_target_proposals') }}
),

rules as (
    select * from {{ ref('dim_proposal_rules') }}
),

outlook as (
    select * from {{ ref('fct_phase_outlook') }}
),

verdicts as (
    select * from {{ ref('fct_indicator_verdicts') }}
),

participation as (
    select * from {{ ref('fct_unit_participation') }}
),

figures as (
    select * from {{ ref('fct_indicator_values') }}
    where measure_code = 'value' and breakdown = 'total' and unit_uid = 'province' and basis = 'as_reported'
),

indicators as (
    select * from {{ ref('dim_indicators') }}
),

{% set units = label_of('units_of_measure', unit_in_words('indicators.unit')) -%}
{% set assumed -%}
case
    when verdicts.bound_kind = 'assumed' then ' (' || lower({{ label_of('bound_kinds', 'verdicts.bound_kind') }}) || ')'
    else ''
end
{%- endset %}
{% set steps = label_of('units_of_measure', step_in_words('indicators.unit')) -%}
joined as (
    select
        proposed.*,
        indicators.indicator_name_vi,
        rules.proposal,
        {%- for sentence in ['proposal_vi', 'because_vi', 'effect_vi'] %}
        {{ target_sentence('rules.' ~ sentence, 'outlook', units, steps, {
            'year': 'outlook.expected_in::text',
            'goal': goal_vi('outlook', units),
            'report_year': 'outlook.report_year::text',
            'missing_units': 'participation.missing_units',
            'low': number_vi('verdicts.value_low'),
            'high': number_vi('verdicts.value_high'),
            'last_target': number_vi('verdicts.target'),
            'last_year': 'verdicts.target_year::text',
            'achieved': number_vi('100 * outlook.value / nullif(outlook.next_target, 0)'),
            'ratio': number_vi('outlook.pace_needed / nullif(outlook.pace_so_far, 0)'),
            'outlook': 'outlook.outlook_vi',
            'limit': 'outlook.limit_vi',
            'assumed': assumed,
            'proposed_pace': number_vi('(outlook.expected_target - outlook.value) / nullif(outlook.years_left, 0)'),
            'result': result_vi('figures', units),
            'short': counted_vi('figures.denominator - figures.numerator'),
            'denominator': number_vi('figures.denominator'),
            'best': number_vi('floor(outlook.expected_at_best)'),
            'beyond': number_vi('outlook.next_target - outlook.limit_value'),
        }) }} as {{ sentence }},
        {%- endfor %}
        outlook.report_year,
        outlook.value,
        outlook.next_target,
        outlook.next_target_year,
        case rules.proposes when 'plan' then outlook.next_target when 'forecast' then outlook.expected_target end as proposed_target,
        outlook.expected_in as proposed_year,
        indicators.decision_codes
    from proposed
    inner join rules on proposed.rule_code = rules.rule_code
    inner join outlook on proposed.phase = outlook.phase and proposed.indicator_code = outlook.indicator_code
    inner join verdicts on proposed.indicator_code = verdicts.indicator_code and outlook.report_year = verdicts.report_year
    inner join indicators on proposed.indicator_code = indicators.indicator_code
    left join figures on proposed.indicator_code = figures.indicator_code and outlook.report_year = figures.report_year
    left join participation
        on proposed.indicator_code = participation.indicator_code and outlook.report_year = participation.report_year
)

{{ contracted('joined') }}
