with

list_rows as (
    {{ current_rows(ref('stg_submissions__union_officers'), ['union_level']) }}
)

select * from list_rows
