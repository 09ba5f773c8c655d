with

received_files as (
    select * from {{ source('submissions', 'received_files') }}
),

orders as (
    select submission_id, history, is_whole, submission_order, superseded_by, duplicate_of
    from {{ order_submissions('received_files') }}
)

select
    submission_id,
    sha256,
    content_sha256,
    folder,
    file_name,
    received_at,
    receipt_number,
    case when duplicate_of is not null then 'duplicate' else verdict end as verdict,
    duplicate_of,
    history,
    is_whole,
    submission_order,
    superseded_by,
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
    cover ->> 'request_number' as request_number,
    (cover ->> 'request_on')::date as request_on,
    -- the lists that the unit declares empty, as an array of sheet codes
    array(
        select substr(cells.key, 5)
        from jsonb_each_text(cover) as cells
        where cells.key like 'nil\_%' and cells.value = 'C'
        order by cells.key
    ) as nil_sheet_codes
from received_files
left join orders using (submission_id)
