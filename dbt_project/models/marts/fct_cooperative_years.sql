with

cooperatives as (
    select * from {{ ref('int_cooperatives_assessed') }}
)

{{ contracted('cooperatives') }}
