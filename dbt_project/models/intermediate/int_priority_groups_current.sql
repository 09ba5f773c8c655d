with

list_rows as (
    {{ current_rows(ref('stg_submissions__priority_groups'), ['priority_group']) }}
)

select * from list_rows
