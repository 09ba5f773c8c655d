with

decisions as (
    select * from {{ ref('dim_decisions') }}
)

{{ contracted('decisions') }}
