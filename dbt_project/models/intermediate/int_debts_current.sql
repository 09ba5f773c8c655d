with

list_rows as (
    {{ current_rows(ref('stg_submissions__debts'), ['registration_number', 'debt_kind']) }}
)

select * from list_rows
