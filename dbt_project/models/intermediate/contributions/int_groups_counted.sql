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

-- the place of what counts for the province
places as (
    select distinct on (report_year, group_code) * from reporting_units
    where counts_for_province
    order by report_year, group_code, registration_number
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
        counted_once.evaluated_year as report_year,
        counted_once.counted_for,
        counted_once.counted_as,
        counted_once.submission_id,
        counted_once.row_number,
        counted_once.women_stable_jobs,
        counted_once.group_code as organisation_id,
        coalesce(places.commune_uid, counted_once.commune_uid) as commune_uid,
        jsonb_build_object('sector', counted_once.sector) as attributes
    from counted_once
    left join places
        on
            counted_once.evaluated_year = places.report_year
            and counted_once.group_code = places.group_code
            and counted_once.counted_as = 'became_cooperative'
),

{{ contributions_by_rule(
    'groups', 'evaluated', ['submission_id', 'row_number', 'organisation_id', 'commune_uid', 'attributes']
) }}
