with

list_rows as (
    {{ current_rows(ref('stg_submissions__funding'), ['funding_source']) }}
)

select * from list_rows
