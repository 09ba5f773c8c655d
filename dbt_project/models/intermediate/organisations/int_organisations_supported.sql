with

actions as (
    select * from {{ ref('int_support_actions_resolved') }}
    where organisation_id is not null and is_programme_ground
),

support_kinds as (
    select * from {{ ref('code_lists') }}
    where code_list = 'support_kinds'
),

report_years as (
    select
        report_year as evaluated_year,
        {{ decision('strengthening_means', 'report_year') }} as strengthening_kinds
    from {{ ref('int_years_reported') }}
),

-- the kinds that strengthen are those of the evaluated year (decision A20), for its whole history
purposes as (
    select
        report_years.evaluated_year,
        actions.organisation_kind,
        actions.organisation_id,
        unnest(
            string_to_array(support_kinds.flags, ' ')
            || case when {{ holds('report_years.strengthening_kinds', 'actions.support_kind') }} then array['strengthening'] end
        ) as purpose,
        actions.report_year
    from report_years
    inner join actions on report_years.evaluated_year >= actions.report_year
    inner join support_kinds on actions.support_kind = support_kinds.code
),

-- an organisation's history follows it, under whichever unit it was reported
first_supported as (
    select
        evaluated_year,
        organisation_kind,
        organisation_id,
        purpose,
        min(report_year) as first_report_year
    from purposes
    group by evaluated_year, organisation_kind, organisation_id, purpose
)

select * from first_supported
