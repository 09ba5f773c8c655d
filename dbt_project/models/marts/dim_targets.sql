with

targets as (
    select * from {{ ref('targets') }}
)

{{ contracted('targets') }}
