with

sheet_rows as (
    select * from {{ source('raw', 'sheet_09_uu_tien') }}
),

typed as (
    select
        submission_id,
        row_number,
        read ->> 'priority_group' as priority_group,
        (read ->> 'women_supported')::integer as women_supported,
        (read ->> 'women_employed')::integer as women_employed
    from sheet_rows
)

select * from typed
