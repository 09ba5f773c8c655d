with

received_files as (
    select * from {{ ref('stg_submissions__received_files') }}
),

versions as (
    select * from {{ ref('int_submission_versions') }}
),

roster_units as (
    select * from {{ ref('int_roster_units') }}
),

findings as (
    select * from {{ ref('int_submission_findings') }}
)

select
    received_files.submission_id::text as submission_id,
    received_files.receipt_number::text as receipt_number,
    received_files.folder::text as folder,
    received_files.file_name::text as file_name,
    received_files.sha256::text as sha256,
    received_files.received_at::timestamptz as received_at,
    received_files.reporting_unit_code::text as reporting_unit_code,
    roster_units.unit_uid::text as unit_uid,
    received_files.report_year::integer as report_year,
    received_files.report_kind::text as report_kind,
    received_files.submission_kind::text as submission_kind,
    received_files.value_kind::text as value_kind,
    received_files.data_scope::text as data_scope,
    received_files.data_from::date as data_from,
    received_files.data_to::date as data_to,
    received_files.signed_on::date as signed_on,
    received_files.document_number::text as document_number,
    case
        when received_files.verdict = 'rejected' then 'rejected'
        when received_files.verdict = 'duplicate' then 'received'
        when versions.submission_id is not null and not versions.is_in_force then 'superseded'
        when coalesce(findings.open_queries, 0) > 0 then 'accepted_with_queries'
        else 'accepted'
    end::text as status,
    -- reports beside the yearly one feed nothing
    coalesce(versions.history = 'annual' and versions.is_in_force, false)::boolean as is_in_force,
    versions.submission_order::integer as submission_order,
    received_files.duplicate_of::text as duplicate_of,
    (received_files.received_at < roster_units.due_at)::boolean as on_time,
    coalesce(findings.errors, 0)::integer as errors,
    coalesce(findings.open_queries, 0)::integer as open_queries
from received_files
left join versions on received_files.submission_id = versions.submission_id
left join roster_units
    on
        received_files.report_year = roster_units.report_year
        and received_files.reporting_unit_code = roster_units.reporting_unit_code
left join findings on received_files.submission_id = findings.submission_id
