with

list_rows as (
    {{ current_rows(ref('stg_submissions__duties'), '08_HOAT_DONG', ['duty_code']) }}
)

select * from list_rows
