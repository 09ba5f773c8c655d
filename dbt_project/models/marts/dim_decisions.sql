with

decisions as (
    select * from {{ ref('decisions') }}
)

select
    decision_code::text as decision_code,
    question_vi::text as question_vi,
    default_vi::text as default_vi,
    parameter::text as parameter,
    value::text as parameter_value,
    options::text as parameter_options,
    default_option::text as default_option
from decisions
