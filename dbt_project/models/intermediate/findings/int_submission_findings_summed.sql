with

file_findings as (
    select
        submission_id,
        finding_id,
        severity,
        sheet_code,
        row_number
    from {{ ref('stg_quality__file_findings') }}
),

history_findings as (
    select
        submission_id,
        finding_id,
        severity,
        sheet_code,
        row_number
    from {{ ref('int_findings_described') }}
),

received_files as (
    select * from {{ ref('stg_submissions__received_files') }}
),

answers as (
    select * from {{ ref('stg_quality__answers') }}
),

corrected as (
    select * from {{ ref('int_rows_corrected') }}
),

unioned as (
    select * from file_findings
    union all
    select * from history_findings
)

select
    unioned.submission_id,
    count(*) filter (where unioned.severity = 'error') as errors,
    -- an explanation closes a query, or a correction of its row; an error is closed only by correcting it
    count(*) filter (
        where unioned.severity = 'query' and answers.finding_id is null and corrected.submission_id is null
    ) as open_queries
from unioned
inner join received_files on unioned.submission_id = received_files.submission_id
left join answers
    on
        unioned.finding_id = answers.finding_id
        and received_files.reporting_unit_code = answers.reporting_unit_code
        and received_files.report_year = answers.report_year
left join corrected
    on
        unioned.submission_id = corrected.submission_id
        and unioned.sheet_code = corrected.sheet_code
        and unioned.row_number = corrected.row_number
group by unioned.submission_id
