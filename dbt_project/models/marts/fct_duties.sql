with

list_rows as (
    select * from {{ ref('int_duties_current') }}
)

{{ contracted('list_rows') }}
