with

code_lists as (
    select * from {{ ref('code_lists') }}
)

{{ contracted('code_lists') }}
