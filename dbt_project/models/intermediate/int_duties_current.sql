with

list_rows as (
    {{ current_rows(ref('stg_submissions__duties'), ['duty_code']) }}
)

select * from list_rows
