with

sheet_rows as (
    select * from {{ source('raw', 'sheet_08_hoat_dong') }}
),

typed as (
    select
        submission_id,
        row_number,
        read ->> 'duty_code' as duty_code,
        read ->> 'duty_status' as duty_status,
        (read ->> 'events')::integer as events,
        (read ->> 'people')::integer as people,
        read ->> 'evidence_document' as evidence_document,
        read ->> 'result' as result
    from sheet_rows
)

select * from typed
