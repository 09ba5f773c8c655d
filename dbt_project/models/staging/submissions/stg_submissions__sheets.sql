with

sheets as (
    select * from {{ source('submissions', 'sheets') }}
),

renamed as (
    select
        submission_id,
        sheet_code,
        sheet_name,
        header_row,
        columns as column_letters
    from sheets
)

select * from renamed
