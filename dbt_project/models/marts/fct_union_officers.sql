with

list_rows as (
    select * from {{ ref('int_union_officers_current') }}
)

{{ contracted('list_rows') }}
