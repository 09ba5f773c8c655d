with

received_files as (
    select * from {{ ref('stg_submissions__received_files') }}
),

cycles as (
    select * from {{ ref('report_cycles') }}
),

reported as (
    select distinct report_year from received_files
    where verdict = 'accepted'
)

select
    cycles.report_year,
    cycles.phase,
    cycles.registry_cut_off,
    cycles.final_due_before,
    cycles.locked_from,
    cycles.deadline_is_inclusive,
    cycles.moves_to_next_working_day,
    cycles.units_due_before,
    {{ deadline('cycles.province_due_before', 'cycles.deadline_is_inclusive', 'cycles.moves_to_next_working_day') }}
        as province_due_at,
    cycles.form_version
from cycles
inner join reported on cycles.report_year = reported.report_year
