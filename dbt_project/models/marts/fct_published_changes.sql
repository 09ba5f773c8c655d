with

changes as (
    select * from {{ ref('stg_publications__changes') }}
),

publications as (
    select * from {{ ref('stg_publications__publications') }}
),

submissions as (
    select * from {{ ref('fct_submissions') }}
),

-- verdicts and targets are the province's, of the indicator's own figure
joined as (
    select
        changes.publication_id,
        changes.position,
        changes.indicator_code,
        coalesce(changes.measure_code, 'value') as measure_code,
        coalesce(changes.breakdown, 'total') as breakdown,
        coalesce(changes.breakdown_code, 'total') as breakdown_code,
        changes.report_year,
        coalesce(changes.unit_uid, 'province') as unit_uid,
        coalesce(changes.basis, 'as_reported') as basis,
        changes.changed_column,
        changes.old_value,
        changes.new_value,
        changes.reason,
        submissions.receipt_number,
        editions.kind as publication_kind,
        editions.version,
        superseded.version as old_version,
        editions.published_at
    from changes
    inner join publications as editions on changes.publication_id = editions.publication_id
    left join publications as superseded on editions.supersedes = superseded.publication_id
    left join submissions on changes.submission_id = submissions.submission_id
)

{{ contracted('joined') }}
