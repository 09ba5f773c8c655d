with

sheet_rows as (
    select * from {{ source('raw', 'sheet_06_no') }}
),

typed as (
    select
        submission_id,
        row_number,
        read ->> 'registration_number' as registration_number,
        read ->> 'debt_kind' as debt_kind,
        (read ->> 'outstanding')::numeric as outstanding_million_vnd,
        (read ->> 'settled_in_year')::numeric as settled_in_year_million_vnd,
        (read ->> 'months_overdue')::integer as months_overdue
    from sheet_rows
)

select * from typed
