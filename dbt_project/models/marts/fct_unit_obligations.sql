with

units as (
    select * from {{ ref('int_units_reported') }}
),

findings as (
    select * from {{ ref('int_findings_unresolved') }}
),

submissions as (
    select * from {{ ref('int_submissions_ordered') }}
    where is_in_force
),

duties_owed as (
    select * from {{ ref('fct_duties_owed') }}
    where has_report
),

labels as (
    select * from {{ ref('code_lists') }}
    where code_list = 'obligations'
),

{% set place = 'findings.finding_id, findings.rule_code, findings.sheet_code, findings.cell, findings.message_vi' -%}
owed as (
    select
        report_year, unit_uid, 'missing_report' as obligation, null as finding_id, null as rule_code,
        null as sheet_code, null as cell, null as message_vi, null as duty_code
    from units
    where not has_report and rejected_submission_id is null

    union all

    select units.report_year, units.unit_uid, 'rejected_report', {{ place }}, null
    from units
    left join findings on units.rejected_submission_id = findings.submission_id and findings.severity = 'error'
    where units.rejected_submission_id is not null

    union all

    -- two files in force may have the same query
    select distinct on (submissions.report_year, submissions.unit_uid, findings.finding_id)
        submissions.report_year, submissions.unit_uid, 'open_query', {{ place }}, null
    from submissions
    inner join findings on submissions.submission_id = findings.submission_id and findings.severity = 'query'

    union all

    select report_year, unit_uid, 'duty_not_reported', null, null, null, null, null, duty_code
    from duties_owed
),

joined as (
    select
        owed.*,
        coalesce(owed.finding_id, owed.duty_code, owed.obligation) as item,
        units.reporting_unit_code,
        units.unit_kind,
        units.is_mandatory,
        {{ filled('labels.label_vi', {'year': 'owed.report_year::text'}) }} as what_vi,
        units.due_at
    from owed
    inner join units using (report_year, unit_uid)
    left join labels on owed.obligation = labels.code
)

{{ contracted('joined') }}
