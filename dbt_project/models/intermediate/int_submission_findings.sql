with

file_findings as (
    select
        submission_id,
        finding_id,
        severity
    from {{ ref('stg_submissions__file_findings') }}
),

history_findings as (
    select
        submission_id,
        finding_id,
        severity
    from {{ ref('int_history_findings') }}
),

answers as (
    select distinct explanations.finding_id
    from {{ ref('stg_submissions__explanations') }} as explanations
    inner join {{ ref('stg_submissions__received_files') }} as received_files
        on explanations.submission_id = received_files.submission_id
),

unioned as (
    select * from file_findings
    union all
    select * from history_findings
),

counted as (
    select
        unioned.submission_id,
        count(*) filter (where unioned.severity = 'error') as errors,
        -- an explanation closes a query; an error is closed only by correcting it
        count(*) filter (where unioned.severity = 'query' and answers.finding_id is null) as open_queries
    from unioned
    left join answers on unioned.finding_id = answers.finding_id
    group by unioned.submission_id
)

select * from counted
