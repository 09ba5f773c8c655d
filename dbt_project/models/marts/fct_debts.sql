with

list_rows as (
    select * from {{ ref('int_debts_current') }}
)

{{ contracted('list_rows') }}
