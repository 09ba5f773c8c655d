with

received_files as (
    select * from {{ ref('stg_submissions__received_files') }}
),

roster_units as (
    select * from {{ ref('int_units_rostered') }}
)

select
    received_files.submission_id,
    report_year,
    roster_units.unit_uid,
    -- ad hoc reports feed no figure; those of one day follow each other
    received_files.history,
    received_files.is_whole,
    received_files.submission_order,
    received_files.superseded_by is null as is_in_force
from received_files
inner join roster_units using (report_year, reporting_unit_code)
where received_files.submission_order is not null
