with

narratives as (
    select * from {{ ref('stg_submissions__narratives') }}
),

submissions as (
    select * from {{ ref('int_submissions_ordered') }}
    where is_in_force
),

-- a section to one addressee may have several rows: a later file replaces them together
ranked as (
    select
        submissions.report_year,
        submissions.unit_uid,
        submissions.reporting_unit_code = 'WU-P' as is_union,
        narratives.*,
        rank() over (
            partition by
                submissions.report_year, submissions.unit_uid, narratives.narrative_section, narratives.addressee
            order by submissions.submission_order desc
        ) as submission_rank
    from narratives
    inner join submissions on narratives.submission_id = submissions.submission_id
    where narratives.text is not null
)

select * from ranked
where submission_rank = 1
