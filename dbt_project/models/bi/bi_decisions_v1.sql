with

decisions as (
    select * from {{ ref('dim_decisions') }}
)

select
    decision_code::text as decision_code,
    question_vi::text as question_vi,
    default_vi::text as default_vi,
    parameter::text as parameter,
    parameter_value::text as parameter_value,
    parameter_options::text as parameter_options
from decisions
