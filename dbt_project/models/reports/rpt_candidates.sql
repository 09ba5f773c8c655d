with

organisation_years as (
    select
        'cooperative' as organisation_kind,
        report_year,
        unit_uid,
        commune_uid,
        registration_number as organisation_id,
        cooperative_name as organisation_name,
        sector,
        members,
        women_members,
        workers,
        women_workers,
        to_jsonb(cooperative_years) as facts
    from {{ ref('fct_cooperative_years') }} as cooperative_years
    where counts_for_province

    union all

    select
        'group' as organisation_kind,
        report_year,
        unit_uid,
        commune_uid,
        group_code as organisation_id,
        group_name as organisation_name,
        sector,
        members,
        women_members,
        workers,
        women_workers,
        to_jsonb(group_years) as facts
    from {{ ref('fct_group_years') }} as group_years
    where counts_for_province
),

rules as (
    select * from {{ ref('dim_candidate_rules') }}
),

joined as (
    select
        rules.candidate_for,
        organisation_years.*,
        units.unit_name_vi,
        communes.unit_name as commune_name_vi,
        {{ label_of('sectors', 'organisation_years.sector') }} as sector_name_vi
    from organisation_years
    inner join rules
        on
            organisation_years.organisation_kind = rules.organisation_kind
            and organisation_years.facts @> rules.required_values
            and (
                rules.minimum_column is null
                or (organisation_years.facts ->> rules.minimum_column)::numeric >= rules.minimum
            )
    left join {{ ref('dim_reporting_units') }} as units on organisation_years.unit_uid = units.unit_uid
    left join {{ ref('dim_administrative_units') }} as communes on organisation_years.commune_uid = communes.unit_uid
)

{{ contracted('joined') }}
