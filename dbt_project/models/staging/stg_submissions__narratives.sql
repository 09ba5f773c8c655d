with

sheet_rows as (
    select * from {{ source('raw', 'sheet_12_danh_gia') }}
),

typed as (
    select
        submission_id,
        row_number,
        read ->> 'narrative_section' as narrative_section,
        read ->> 'text' as text,
        read ->> 'addressee' as addressee
    from sheet_rows
)

select * from typed
