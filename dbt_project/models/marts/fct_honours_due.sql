with

windows as (
    select * from {{ ref('int_honour_windows_dated') }}
),

cycles as (
    select * from {{ ref('report_cycles') }}
),

owners as (
    select
        assignments.duty_code,
        assignments.body
    from {{ ref('duty_assignments') }} as assignments
    inner join {{ ref('duty_frequencies') }} as frequencies on assignments.frequency = frequencies.frequency
    where frequencies.owed_each = 'window'
),

duties as (
    select * from {{ ref('int_duties_reported') }}
    where duty_status = 'done'
),

joined as (
    select
        windows.*,
        owners.duty_code,
        owners.body as reporting_unit_code,
        {{ deadline('cycles.units_due_before', 'cycles.deadline_is_inclusive', 'cycles.moves_to_next_working_day') }} as due_at,
        held.report_year is not null as is_done,
        held.report_year as done_in_year,
        held.evidence_document
    from windows
    cross join owners
    inner join cycles on windows.last_year = cycles.report_year
    left join lateral (
        select duties.*
        from duties
        where
            duties.duty_code = owners.duty_code
            and duties.reporting_unit_code = owners.body
            and duties.report_year between windows.first_year and windows.last_year
        order by duties.report_year
        limit 1
    ) as held on true
)

{{ contracted('joined') }}
