with

narratives as (
    select * from {{ ref('stg_submissions__narratives') }}
),

submissions as (
    select * from {{ ref('stg_submissions__received_files') }}
    where report_kind = 'phase_review' and submission_order is not null and superseded_by is null
),

roster_units as (
    select * from {{ ref('int_units_rostered') }}
),

phases as (
    select * from {{ ref('dim_phases') }}
),

-- of the files of a unit on a phase the last, whichever request it answers, replaces a section together
ranked as (
    select
        phases.phase,
        submissions.report_year,
        roster_units.unit_uid,
        submissions.reporting_unit_code = 'WU-P' as is_union,
        narratives.*,
        rank() over (
            partition by phases.phase, roster_units.unit_uid, narratives.narrative_section, narratives.addressee
            order by submissions.received_at desc, submissions.submission_order desc, submissions.submission_id
        ) as submission_rank
    from narratives
    inner join submissions on narratives.submission_id = submissions.submission_id
    inner join roster_units using (report_year, reporting_unit_code)
    inner join phases on submissions.report_year between phases.first_report_year and phases.last_report_year
    where narratives.text is not null
),

in_force as (
    select * from ranked
    where submission_rank = 1
)

{{ contracted('in_force') }}
