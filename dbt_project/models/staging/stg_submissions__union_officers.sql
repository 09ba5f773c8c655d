with

sheet_rows as (
    select * from {{ source('raw', 'sheet_05_can_bo_hoi') }}
),

typed as (
    select
        submission_id,
        row_number,
        read ->> 'union_level' as union_level,
        (read ->> 'officers')::integer as officers,
        (read ->> 'officers_skilled')::integer as officers_skilled,
        (read ->> 'assigned_officers')::integer as assigned_officers,
        (read ->> 'assigned_officers_trained')::integer as assigned_officers_trained
    from sheet_rows
)

select * from typed
