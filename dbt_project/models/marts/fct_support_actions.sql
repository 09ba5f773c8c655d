with

actions as (
    select * from {{ ref('int_support_actions_resolved') }}
)

{{ contracted('actions') }}
