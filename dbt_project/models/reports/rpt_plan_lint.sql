with

asked as (
    select * from {{ ref('fct_plan_findings') }}
),

indicators as (
    select * from {{ ref('dim_indicators') }}
)

select
    asked.check_code::text as check_code,
    asked.subject::text as subject,
    asked.indicator_code::text as indicator_code,
    indicators.indicator_name_vi::text as indicator_name_vi,
    indicators.decision_codes::text as decision_codes,
    asked.value::text as value,
    asked.expected::text as expected,
    case when asked.is_found then asked.level else 'passed' end::text as outcome,
    asked.message_vi::text as message_vi,
    asked.message_en::text as message_en
from asked
left join indicators on asked.indicator_code = indicators.indicator_code
