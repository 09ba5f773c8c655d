with

report_years as (
    select * from {{ ref('int_report_years') }}
),

next_states as (
    select * from {{ ref('stg_published__next_year_states') }}
),

published_states as (
    select * from {{ ref('stg_published__year_states') }}
),

published_identities as (
    select * from {{ ref('stg_published__identities') }}
),

published_verdicts as (
    select * from {{ ref('stg_published__verdicts') }}
),

pending as (
    select * from {{ ref('int_verdicts_pending') }}
),

-- what stands in rows of the years before can change with what a later year says of the same organisation
identities as (
    select
        'fct_group_years' as table_name,
        submission_id,
        row_number,
        group_code as organisation_id
    from {{ ref('int_groups_identified') }}

    union all

    select
        'fct_support_actions' as table_name,
        submission_id,
        row_number,
        organisation_id
    from {{ ref('int_support_actions_resolved') }}
),

changed as (
    select report_years.report_year
    from report_years
    left join next_states on report_years.report_year = next_states.report_year
    left join published_states on report_years.report_year = published_states.report_year
    -- a build that does not know the states makes everything
    where
        next_states.state_sha256 is null
        or published_states.state_sha256 is null
        or next_states.state_sha256 <> published_states.state_sha256

    union

    select published_identities.report_year
    from published_identities
    inner join identities
        on
            published_identities.table_name = identities.table_name
            and published_identities.submission_id = identities.submission_id
            and published_identities.row_number = identities.row_number
    where published_identities.organisation_id is distinct from identities.organisation_id

    union

    -- what could still be done in time can no more
    select report_year
    from published_verdicts
    where
        verdict = 'in_progress'
        and report_year = target_year
        and (indicator_code, report_year) not in (select pending.indicator_code, pending.report_year from pending)
)

-- each year builds on the years before it
select report_year
from report_years
where report_year >= (select min(changed.report_year) from changed)
