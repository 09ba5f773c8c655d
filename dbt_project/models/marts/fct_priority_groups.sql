with

list_rows as (
    select * from {{ ref('int_priority_groups_current') }}
)

{{ contracted('list_rows') }}
