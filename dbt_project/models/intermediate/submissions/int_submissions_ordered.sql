with

received_files as (
    select * from {{ ref('stg_submissions__received_files') }}
),

roster_units as (
    select * from {{ ref('int_units_rostered') }}
),

ordered as (
    select
        received_files.*,
        roster_units.unit_uid,
        roster_units.foreign_sheet_codes,
        received_files.superseded_by is null as is_in_force,
        -- the first of those in force: a whole report, or a correction of nothing
        received_files.superseded_by is null
        and received_files.submission_order = min(received_files.submission_order)
            filter (where received_files.superseded_by is null)
            over (partition by report_year, roster_units.unit_uid)
            as is_base
    from received_files
    inner join roster_units using (report_year, reporting_unit_code)
    where received_files.submission_order is not null and received_files.history = 'annual'
)

select
    submission_id,
    report_year,
    reporting_unit_code,
    unit_uid,
    report_kind,
    submission_kind,
    received_at,
    file_name,
    data_from,
    data_to,
    value_kind,
    nil_sheet_codes,
    foreign_sheet_codes,
    submission_order,
    is_in_force,
    is_base,
    -- figures of the whole new province are not the programme's; the base declares which area a year's figures cover
    coalesce(
        max(data_scope) filter (where is_base) over (partition by report_year, unit_uid), 'programme_ground'
    ) = 'programme_ground' as is_programme_ground
from ordered
