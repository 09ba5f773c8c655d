with

received_files as (
    select * from {{ ref('stg_submissions__received_files') }}
),

roster_units as (
    select * from {{ ref('int_roster_units') }}
),

ordered as (
    select
        received_files.*,
        roster_units.unit_uid,
        roster_units.foreign_sheet_codes,
        row_number() over (
            partition by roster_units.report_year, roster_units.unit_uid
            -- final figures take precedence over estimates whenever they came; within each, the order of receipt
            order by
                (received_files.report_kind = 'annual_final')::integer,
                received_files.received_at,
                received_files.file_name,
                received_files.submission_id
        ) as submission_order
    from received_files
    inner join roster_units using (report_year, reporting_unit_code)
    where
        received_files.verdict = 'accepted'
        and received_files.report_kind in ('annual', 'annual_final')
),

based as (
    select
        ordered.*,
        max(case when submission_kind in ('first', 'full_replacement') then submission_order end)
            over (partition by report_year, unit_uid) as base_order
    from ordered
),

with_base as (
    select
        based.*,
        submission_order = coalesce(base_order, 1) as is_base
    from based
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
    submission_order >= coalesce(base_order, 1) as is_in_force,
    is_base,
    -- figures of the whole new province are not the programme's; the base says of which ground a year's figures are
    coalesce(
        max(data_scope) filter (where is_base) over (partition by report_year, unit_uid), 'programme_ground'
    ) = 'programme_ground' as is_programme_ground
from with_base
