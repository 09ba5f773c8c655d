with

sheet_rows as (
    select * from {{ source('submissions', 'sheet_rows') }}
),

renamed as (
    select
        submission_id,
        sheet_code,
        row_number,
        row_key,
        read as read_values
    from sheet_rows
)

select * from renamed
