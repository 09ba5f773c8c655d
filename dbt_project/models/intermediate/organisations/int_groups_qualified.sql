with

groups as (
    select * from {{ ref('int_groups_reported') }}
    where is_programme_ground
),

report_years as (
    select * from {{ ref('int_years_reported') }}
),

strengthened as (
    select
        evaluated_year,
        organisation_id as group_code
    from {{ ref('int_organisations_supported') }}
    where organisation_kind = 'group' and purpose = 'strengthening'
),

converted as (
    select * from {{ ref('int_groups_converted') }}
),

-- the last known row of a group, up to each year
latest_known as (
    select distinct on (report_years.report_year, groups.group_code)
        report_years.report_year as evaluated_year,
        groups.*
    from report_years
    inner join groups on groups.report_year <= report_years.report_year
    where groups.counts_for_province
    order by report_years.report_year, groups.group_code, groups.report_year desc
),

standing as (
    select
        groups.report_year as evaluated_year,
        groups.*,
        'standing' as counted_as
    from groups
    inner join strengthened
        on groups.group_code = strengthened.group_code and groups.report_year = strengthened.evaluated_year
    where groups.union_supported_founding and groups.woman_leads and groups.is_operating
),

became_cooperatives as (
    select
        latest_known.*,
        'became_cooperative' as counted_as
    from latest_known
    inner join strengthened
        on
            latest_known.group_code = strengthened.group_code
            and latest_known.evaluated_year = strengthened.evaluated_year
    inner join converted
        on latest_known.group_code = converted.group_code and latest_known.evaluated_year >= converted.converted_year
    where latest_known.union_supported_founding and latest_known.woman_leads
)

select * from standing
union all
select * from became_cooperatives
