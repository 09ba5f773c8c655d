{{ config(materialized='view') }}

with

sensitivity as (
    select * from {{ ref('fct_target_sensitivity') }}
)

select
    indicator_code::text as indicator_code,
    report_year::integer as report_year,
    decision_code::text as decision_code,
    parameter::text as parameter,
    option::text as option,
    option_vi::text as option_vi,
    is_current::boolean as is_current,
    is_computable::boolean as is_computable,
    value::numeric as value,
    value_low::numeric as value_low,
    value_high::numeric as value_high,
    verdict::text as verdict,
    note_vi::text as note_vi
from sensitivity
