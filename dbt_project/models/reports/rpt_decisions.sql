with

decisions as (
    select * from {{ ref('dim_decisions') }}
),

-- which indicators depend on a decision, by the list that each of them has
used as (
    select
        split.decision_code,
        string_agg(indicators.indicator_code, ' ' order by indicators.indicator_code) as indicator_codes
    from {{ ref('dim_indicators') }} as indicators
    cross join lateral unnest(string_to_array(indicators.decision_codes, ' ')) as split (decision_code)
    group by split.decision_code
),

joined as (
    select
        decisions.*,
        substring(decisions.decision_code from '\d+') as decision_order,
        used.indicator_codes
    from decisions
    left join used on decisions.decision_code = used.decision_code
)

{{ contracted('joined') }}
