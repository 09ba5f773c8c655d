with

file_findings as (
    select * from {{ ref('stg_quality__file_findings') }}
),

history_findings as (
    select * from {{ ref('int_findings_described') }}
),

received_files as (
    select * from {{ ref('stg_submissions__received_files') }}
),

rules as (
    select * from {{ ref('rules') }}
),

{% set columns = 'submission_id, finding_id, rule_code, severity, sheet_code, row_number, cell, value, message_vi' -%}
unioned as (
    select {{ columns }} from file_findings
    union all
    select {{ columns }} from history_findings
),

-- as int_submission_findings_summed counts them: an explanation closes a query, or a correction of its row
still_open as (
    select
        received_files.report_year,
        received_files.reporting_unit_code,
        unioned.*
    from unioned
    inner join received_files on unioned.submission_id = received_files.submission_id
    left join {{ ref('stg_quality__answers') }} as answers
        on
            unioned.finding_id = answers.finding_id
            and received_files.reporting_unit_code = answers.reporting_unit_code
            and received_files.report_year = answers.report_year
    left join {{ ref('int_rows_corrected') }} as corrected
        on
            unioned.submission_id = corrected.submission_id
            and unioned.sheet_code = corrected.sheet_code
            and unioned.row_number = corrected.row_number
    where
        unioned.severity = 'error'
        or (unioned.severity = 'query' and answers.finding_id is null and corrected.submission_id is null)
)

-- cell values are not quoted: they are in quality.findings, which only staff may read
select
    still_open.report_year,
    still_open.reporting_unit_code,
    still_open.submission_id,
    still_open.finding_id,
    still_open.rule_code,
    still_open.severity,
    still_open.sheet_code,
    still_open.row_number,
    still_open.cell,
    case
        when rules.message_vi like '%{read_as}%' then regexp_replace(still_open.message_vi, '«[^»]*»', '«…»', 'g')
        else replace(still_open.message_vi, '«' || coalesce(still_open.value, '') || '»', '«…»')
    end as message_vi
from still_open
inner join rules on still_open.rule_code = rules.rule_code
