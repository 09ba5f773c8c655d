with

decisions as (
    select * from {{ ref('dim_decisions') }}
    where valid_to_year is null
)

{{ contracted('decisions') }}
