with

roster_units as (
    select * from {{ ref('int_units_rostered') }}
),

submissions as (
    select * from {{ ref('int_submissions_ordered') }}
),

first_received as (
    select distinct on (report_year, unit_uid)
        report_year,
        unit_uid,
        submission_id as first_submission_id,
        received_at as first_received_at
    from submissions
    order by report_year, unit_uid, received_at, file_name, submission_id
)

select
    roster_units.report_year,
    roster_units.reporting_unit_code,
    roster_units.unit_uid,
    roster_units.unit_kind,
    roster_units.is_territorial,
    roster_units.is_mandatory,
    roster_units.form_version,
    roster_units.due_at,
    bases.submission_id as base_submission_id,
    bases.submission_id is not null as has_report,
    bases.value_kind,
    coalesce(bases.nil_sheet_codes, array[]::text[]) as nil_sheet_codes,
    coalesce(bases.is_programme_ground, true) as is_programme_ground,
    first_received.first_submission_id,
    first_received.first_received_at,
    coalesce(first_received.first_received_at < roster_units.due_at, false) as is_on_time
from roster_units
left join submissions as bases
    on roster_units.report_year = bases.report_year and roster_units.unit_uid = bases.unit_uid and bases.is_base
left join first_received
    on roster_units.report_year = first_received.report_year and roster_units.unit_uid = first_received.unit_uid
