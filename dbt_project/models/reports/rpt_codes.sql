with

codes as (
    select * from {{ ref('dim_codes') }}
)

{{ contracted('codes') }}
