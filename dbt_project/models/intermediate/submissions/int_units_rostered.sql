with

report_years as (
    select * from {{ ref('int_years_reported') }}
),

form_sheets as (
    select * from {{ ref('int_form_sheets_versioned') }}
),

roster as (
    select * from {{ ref('reporting_roster') }}
)

select
    roster.report_year,
    roster.reporting_unit_code,
    roster.unit_uid,
    roster.unit_kind,
    roster.unit_kind <> 'agency' as is_territorial,
    roster.mandatory = 'yes' as is_mandatory,
    report_years.form_version,
    -- sheets of the form that are not this unit's to fill in
    array(
        select form_sheets.sheet_code
        from form_sheets
        where
            form_sheets.form_version = report_years.form_version
            and not {{ holds('form_sheets.applies_to', 'roster.unit_kind') }}
            and not {{ holds('form_sheets.applies_to', 'roster.reporting_unit_code') }}
        order by form_sheets.sheet_code
    ) as foreign_sheet_codes,
    -- a unit's own date in the roster takes precedence over the cycle's
    {{ deadline(
        'coalesce(roster.due_before, report_years.units_due_before)',
        'report_years.deadline_is_inclusive',
        'report_years.moves_to_next_working_day'
    ) }} as due_at
from roster
inner join report_years on roster.report_year = report_years.report_year
