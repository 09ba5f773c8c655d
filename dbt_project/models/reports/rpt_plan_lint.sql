with

asked as (
    select * from {{ ref('fct_plan_findings') }}
),

indicators as (
    select * from {{ ref('dim_indicators') }}
),

joined as (
    select
        asked.*,
        indicators.indicator_name_vi,
        indicators.decision_codes,
        case when asked.is_found then asked.level else 'passed' end as outcome
    from asked
    left join indicators on asked.indicator_code = indicators.indicator_code
)

{{ contracted('joined') }}
