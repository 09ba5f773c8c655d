with

actions as (
    select * from {{ ref('int_support_actions_resolved') }}
    where organisation_id is not null and is_programme_ground
),

support_kinds as (
    select * from {{ ref('code_lists') }}
    where code_list = 'support_kinds'
),

purposes as (
    select
        actions.organisation_kind,
        actions.organisation_id,
        unnest(string_to_array(support_kinds.flags, ' ')) as purpose,
        actions.report_year
    from actions
    inner join support_kinds on actions.support_kind = support_kinds.code
),

-- an organisation's history follows it, under whichever unit it was reported
first_supported as (
    select
        organisation_kind,
        organisation_id,
        purpose,
        min(report_year) as first_report_year
    from purposes
    group by organisation_kind, organisation_id, purpose
)

select * from first_supported
