with

findings as (
    select * from {{ ref('int_plan_checked') }}
)

{{ contracted('findings') }}
