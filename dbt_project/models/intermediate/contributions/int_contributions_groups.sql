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
    select * from {{ ref('int_groups_still_reported') }}
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

-- each group once: as it stands before as what it became
counted_once as (
    select distinct on (evaluated_year, counted_for, group_code) *
    from counted
    order by evaluated_year, counted_for, group_code, (counted_as = 'standing') desc
)

select
    parts.indicator_code,
    counted_once.evaluated_year as report_year,
    counted_once.counted_for,
    'numerator' as part,
    counted_once.submission_id,
    counted_once.row_number,
    parts.field_code,
    parts.contribution::numeric as contribution,
    counted_once.group_code as organisation_id,
    counted_once.commune_uid,
    jsonb_build_object('sector', counted_once.sector) as attributes
from counted_once
cross join lateral (
    values
    ('T02', 'group_name', 1),
    ('T04', 'women_stable_jobs', case when counted_as = 'standing' then women_stable_jobs end)
) as parts (indicator_code, field_code, contribution)
where parts.contribution is not null
