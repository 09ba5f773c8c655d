with

qualified as (
    select * from {{ ref('int_groups_qualified') }}
),

standing as (
    select * from qualified
    where counted_as = 'standing'
),

became_cooperatives as (
    select * from qualified
    where counted_as = 'became_cooperative'
),

reporting_units as (
    select * from {{ ref('int_converted_groups_placed') }}
),

counted as (
    select standing.*, unit_uid as counted_for
    from standing

    union all

    select standing.*, 'province' as counted_for
    from standing
    where counts_for_province

    union all

    select became_cooperatives.*, reporting_units.unit_uid as counted_for
    from became_cooperatives
    inner join reporting_units
        on
            became_cooperatives.evaluated_year = reporting_units.report_year
            and became_cooperatives.group_code = reporting_units.group_code

    union all

    select became_cooperatives.*, 'province' as counted_for
    from became_cooperatives
),

-- each group once: as an existing group in preference to what it became
counted_once as (
    select distinct on (evaluated_year, counted_for, group_code) *
    from counted
    order by evaluated_year, counted_for, group_code, (counted_as = 'standing') desc
),

evaluated as (
    select
        evaluated_year as report_year,
        counted_for,
        counted_as,
        submission_id,
        row_number,
        women_stable_jobs,
        group_code as organisation_id,
        commune_uid,
        jsonb_build_object('sector', sector) as attributes
    from counted_once
),

{{ contributions_by_rule(
    'groups', 'evaluated', ['submission_id', 'row_number', 'organisation_id', 'commune_uid', 'attributes']
) }}
