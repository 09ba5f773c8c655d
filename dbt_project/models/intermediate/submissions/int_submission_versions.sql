with

received_files as (
    select * from {{ ref('stg_submissions__received_files') }}
),

roster_units as (
    select * from {{ ref('int_roster_units') }}
),

yearly as (
    select
        submission_id,
        report_year,
        unit_uid,
        'annual' as history,
        submission_kind in ('first', 'full_replacement') as is_whole,
        submission_order,
        is_in_force
    from {{ ref('int_submissions_ordered') }}
),

-- reports beside the yearly one feed nothing; those that speak of one day follow each other
beside as (
    select
        received_files.submission_id,
        received_files.report_year,
        roster_units.unit_uid,
        concat_ws(' ', received_files.report_kind, received_files.data_to::text) as history,
        received_files.submission_kind in ('first', 'full_replacement') as is_whole,
        row_number() over (
            partition by
                received_files.report_year, roster_units.unit_uid, received_files.report_kind, received_files.data_to
            order by received_files.received_at, received_files.file_name, received_files.submission_id
        ) as submission_order
    from received_files
    inner join roster_units using (report_year, reporting_unit_code)
    where
        received_files.verdict = 'accepted'
        and received_files.report_kind not in ('annual', 'annual_final')
),

beside_based as (
    select
        submission_id,
        report_year,
        unit_uid,
        history,
        is_whole,
        submission_order,
        submission_order >= coalesce(
            max(case when is_whole then submission_order end) over (partition by report_year, unit_uid, history), 1
        ) as is_in_force
    from beside
)

select * from yearly
union all
select * from beside_based
