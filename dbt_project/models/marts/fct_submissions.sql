with

received_files as (
    select * from {{ ref('stg_submissions__received_files') }}
),

roster_units as (
    select * from {{ ref('int_units_rostered') }}
),

findings as (
    select * from {{ ref('int_submission_findings_summed') }}
),

joined as (
    select
        received_files.*,
        roster_units.unit_uid,
        case
            when received_files.verdict = 'rejected' then 'rejected'
            when received_files.verdict = 'duplicate' then 'received'
            when received_files.superseded_by is not null then 'superseded'
            when coalesce(findings.open_queries, 0) > 0 then 'accepted_with_queries'
            else 'accepted'
        end as status,
        -- ad hoc reports feed no figure
        coalesce(
            received_files.history = 'annual'
            and received_files.submission_order is not null
            and received_files.superseded_by is null,
            false
        ) as is_in_force,
        received_files.received_at < roster_units.due_at as on_time,
        coalesce(findings.errors, 0) as errors,
        coalesce(findings.open_queries, 0) as open_queries
    from received_files
    left join roster_units
        on
            received_files.report_year = roster_units.report_year
            and received_files.reporting_unit_code = roster_units.reporting_unit_code
    left join findings on received_files.submission_id = findings.submission_id
)

{{ contracted('joined') }}
