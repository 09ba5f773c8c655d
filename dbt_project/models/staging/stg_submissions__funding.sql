with

sheet_rows as (
    select * from {{ source('raw', 'sheet_07_kinh_phi') }}
),

typed as (
    select
        submission_id,
        row_number,
        read ->> 'funding_source' as funding_source,
        (read ->> 'planned')::numeric as planned_million_vnd,
        (read ->> 'allocated')::numeric as allocated_million_vnd,
        (read ->> 'disbursed')::numeric as disbursed_million_vnd,
        (read ->> 'borrowers')::integer as borrowers,
        (read ->> 'outstanding_loans')::numeric as outstanding_loans_million_vnd
    from sheet_rows
)

select * from typed
