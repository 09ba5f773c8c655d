with

decisions as (
    select * from {{ ref('dim_decisions') }}
),

-- which indicators hang on a decision, by the list that each of them has
used as (
    select
        split.decision_code,
        string_agg(indicators.indicator_code, ' ' order by indicators.indicator_code) as indicator_codes
    from {{ ref('dim_indicators') }} as indicators
    cross join lateral unnest(string_to_array(indicators.decision_codes, ' ')) as split (decision_code)
    group by split.decision_code
)

select
    decisions.decision_code::text as decision_code,
    substring(decisions.decision_code from '\d+')::integer as decision_order,
    decisions.question_vi::text as question_vi,
    decisions.default_vi::text as default_vi,
    decisions.parameter::text as parameter,
    decisions.parameter_value::text as parameter_value,
    decisions.default_option::text as default_option,
    used.indicator_codes::text as indicator_codes
from decisions
left join used on decisions.decision_code = used.decision_code
