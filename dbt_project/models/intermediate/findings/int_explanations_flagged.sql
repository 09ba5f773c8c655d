with

explanations as (
    select
        submission_id,
        row_number,
        upper(finding_id) as finding_id
    from {{ ref('stg_submissions__explanations') }}
),

submissions as (
    select * from {{ ref('int_submissions_ordered') }}
    where is_in_force
),

received_files as (
    select * from {{ ref('stg_submissions__received_files') }}
),

known as (
    select
        submission_id,
        finding_id
    from {{ ref('stg_quality__file_findings') }}

    union all

    select
        submission_id,
        finding_id
    from {{ ref('int_findings_identified') }}
),

known_to_unit as (
    select
        received_files.reporting_unit_code,
        received_files.report_year,
        known.finding_id
    from known
    inner join received_files on known.submission_id = received_files.submission_id
),

unknown as (
    select
        explanations.submission_id,
        explanations.row_number,
        explanations.finding_id,
        submissions.report_year
    from explanations
    inner join submissions on explanations.submission_id = submissions.submission_id
    left join known_to_unit
        on
            submissions.reporting_unit_code = known_to_unit.reporting_unit_code
            and submissions.report_year = known_to_unit.report_year
            and explanations.finding_id = known_to_unit.finding_id
    where known_to_unit.finding_id is null
),

questioned as (
    select
        'E01' as rule_code,
        submission_id,
        '11_GIAI_TRINH' as sheet_code,
        row_number,
        'finding_id' as field_code,
        finding_id as value,
        null::text as expected,
        null::text as other_unit,
        report_year
    from unknown
)

select
    {{ history_finding_id('questioned', 'submissions') }} as finding_id,
    questioned.*
from questioned
inner join submissions on questioned.submission_id = submissions.submission_id
