with

contributions as (
    select * from {{ ref('int_contributions_combined') }}
),

measures as (
    select * from {{ ref('measures') }}
),

ground as (
    select * from {{ ref('int_units_mapped') }}
),

organisations as (
    select
        organisation_id,
        commune_uid,
        jsonb_object_agg(basis, unit_uid) as places
    from {{ ref('int_organisations_mapped') }}
    group by organisation_id, commune_uid
),

-- what a group became, where it counts as that
heirs as (
    select
        report_year,
        group_code,
        commune_uid,
        max(registration_number) as registration_number
    from {{ ref('int_converted_groups_placed') }}
    group by report_year, group_code, commune_uid
),

nowhere as (
    select jsonb_object_agg(basis, 'unplaced') as places from {{ ref('maps') }}
)

-- what is of an organisation lies where the organisation lies, all else where the unit lies that reports it
select
    contributions.*,
    case
        when contributions.unit_uid = 'province' and measures.exists_for = 'units_and_maps'
            then
                nowhere.places
                || coalesce(ground.places, '{}'::jsonb)
                || coalesce(organisations.places, '{}'::jsonb)
    end as places
from contributions
cross join nowhere
left join measures using (indicator_code, measure_code)
left join ground
    on ground.lies_in_uid
    = case when contributions.organisation_id is null then contributions.reporting_unit_uid else contributions.commune_uid end
left join heirs
    on
        contributions.report_year = heirs.report_year
        and contributions.organisation_id = heirs.group_code
        and contributions.commune_uid = heirs.commune_uid
left join organisations
    on
        coalesce(heirs.registration_number, contributions.organisation_id) = organisations.organisation_id
        and contributions.commune_uid = organisations.commune_uid
