with

verdicts as (
    select * from {{ ref('int_verdicts_judged') }}
)

{{ contracted('verdicts') }}
