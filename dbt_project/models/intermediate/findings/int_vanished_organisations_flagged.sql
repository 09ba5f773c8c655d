with

organisations as (
    select * from {{ ref('int_organisations_reported') }}
    where is_programme_ground
),

placed as (
    select * from {{ ref('int_communes_placed') }}
),

unit_years as (
    select * from {{ ref('int_unit_years_summarised') }}
    where has_report and is_territorial
),

dissolved as (
    select * from {{ ref('int_registry_organisations_placed') }}
    where status = 'dissolved'
),

converted as (
    select * from {{ ref('int_groups_converted') }}
),

-- X03 queries these
omitted as (
    select * from {{ ref('int_registry_cooperatives_omitted') }}
),

-- organisations of last year that no unit reports any more, queried from the unit of their area
vanished as (
    select distinct
        unit_years.base_submission_id as submission_id,
        organisations.sheet_code,
        organisations.key_field,
        organisations.organisation_id || ' ' || organisations.organisation_name as expected,
        unit_years.report_year
    from organisations
    inner join placed on organisations.commune_uid = placed.commune_uid
    inner join unit_years
        on placed.unit_uid = unit_years.unit_uid and organisations.report_year + 1 = unit_years.report_year
    left join organisations as still_there
        on
            organisations.organisation_id = still_there.organisation_id
            and organisations.sheet_code = still_there.sheet_code
            and organisations.report_year + 1 = still_there.report_year
    left join dissolved
        on
            organisations.organisation_id = dissolved.registration_number
            and organisations.report_year + 1 = dissolved.report_year
    left join converted
        on
            organisations.organisation_id = converted.group_code
            and organisations.report_year + 1 >= converted.converted_year
    left join omitted
        on
            organisations.organisation_id = omitted.registration_number
            and unit_years.base_submission_id = omitted.submission_id
    where
        not organisations.has_ended
        and converted.group_code is null
        and still_there.organisation_id is null
        and dissolved.registration_number is null
        and omitted.registration_number is null
)

select
    'Y01' as rule_code,
    submission_id,
    sheet_code,
    null::integer as row_number,
    key_field as field_code,
    null::text as value,
    expected,
    null::text as other_unit,
    report_year
from vanished
