with

roster as (
    select * from {{ ref('reporting_roster') }}
),

cycles as (
    select * from {{ ref('report_cycles') }}
),

-- the files in force, and their open queries
reported as (
    select
        submissions.report_year,
        submissions.reporting_unit_code,
        sum(coalesce(findings.open_queries, 0)) as open_queries
    from {{ ref('int_submissions_ordered') }} as submissions
    left join {{ ref('int_submission_findings_summed') }} as findings on submissions.submission_id = findings.submission_id
    where submissions.is_in_force
    group by submissions.report_year, submissions.reporting_unit_code
),

-- the last rejected yearly report
sent_back as (
    select distinct on (report_year, reporting_unit_code)
        report_year,
        reporting_unit_code,
        submission_id
    from {{ ref('stg_submissions__received_files') }}
    where verdict = 'rejected' and coalesce(report_kind, 'annual') in ('annual', 'annual_final')
    order by report_year, reporting_unit_code, received_at desc, file_name desc, submission_id desc
)

select
    roster.report_year,
    cycles.phase,
    roster.unit_uid,
    roster.reporting_unit_code,
    roster.unit_kind,
    roster.mandatory = 'yes' as is_mandatory,
    {{ deadline(
        'coalesce(roster.due_before, cycles.units_due_before)',
        'cycles.deadline_is_inclusive',
        'cycles.moves_to_next_working_day'
    ) }} as due_at,
    reported.report_year is not null as has_report,
    coalesce(reported.open_queries, 0) as open_queries,
    case when reported.report_year is null then sent_back.submission_id end as rejected_submission_id
from roster
inner join cycles on roster.report_year = cycles.report_year
left join reported
    on roster.report_year = reported.report_year and roster.reporting_unit_code = reported.reporting_unit_code
left join sent_back
    on roster.report_year = sent_back.report_year and roster.reporting_unit_code = sent_back.reporting_unit_code
