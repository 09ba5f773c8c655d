with

list_rows as (
    select * from {{ ref('int_funding_current') }}
)

{{ contracted('list_rows') }}
