with

measures as (
    select * from {{ ref('measures') }}
    where main_sheet is not null
),

rows_in_force as (
    select
        submissions.report_year,
        submissions.unit_uid,
        sheet_rows.sheet_code,
        sheet_rows.read_values
    from {{ ref('stg_submissions__sheet_rows') }} as sheet_rows
    inner join {{ ref('int_submissions_ordered') }} as submissions
        on sheet_rows.submission_id = submissions.submission_id
    where submissions.is_in_force
),

-- whether a measure's sheet has rows, and whether one of them gives the field that the measure needs
given as (
    select
        measures.indicator_code,
        measures.measure_code,
        rows_in_force.report_year,
        rows_in_force.unit_uid,
        true as sheet_is_filled,
        bool_or(
            measures.answer_field is null
            or (
                rows_in_force.read_values ? measures.answer_field
                and (measures.duty_code is null or rows_in_force.read_values ->> 'duty_code' = measures.duty_code)
            )
        ) as is_answered
    from measures
    inner join rows_in_force on measures.main_sheet = rows_in_force.sheet_code
    group by measures.indicator_code, measures.measure_code, rows_in_force.report_year, rows_in_force.unit_uid
)

select * from given
