{{ config(materialized='table') }}

with

received_files as (
    select * from {{ source('raw', 'received_files') }}
),

typed as (
    select
        submission_id,
        sha256,
        content_sha256,
        folder,
        file_name,
        received_at,
        receipt_number,
        verdict,
        form_version,
        reporting_unit_code,
        report_year,
        report_kind,
        submission_kind,
        data_from,
        data_to,
        value_kind,
        data_scope,
        (cover ->> 'signed_on')::date as signed_on,
        cover ->> 'document_number' as document_number,
        -- the lists that the unit declares empty, as an array of sheet codes
        array(
            select substr(cells.key, 5)
            from jsonb_each_text(cover) as cells
            where cells.key like 'nil\_%' and cells.value = 'C'
            order by cells.key
        ) as nil_sheet_codes
    from received_files
)

select * from typed
