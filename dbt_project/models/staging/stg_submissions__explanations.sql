with

sheet_rows as (
    select * from {{ source('raw', 'sheet_11_giai_trinh') }}
),

typed as (
    select
        submission_id,
        row_number,
        upper(read ->> 'finding_id') as finding_id,
        read ->> 'answer' as answer
    from sheet_rows
)

select * from typed
