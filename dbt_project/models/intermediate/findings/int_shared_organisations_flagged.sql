with

organisations as (
    select * from {{ ref('int_organisations_reported') }}
    where is_programme_ground
),

units as (
    select * from {{ ref('int_units_named') }}
),

reported_twice as (
    select
        organisations.submission_id,
        organisations.sheet_code,
        organisations.row_number,
        organisations.key_field,
        organisations.organisation_id,
        organisations.report_year,
        string_agg(units.unit_name_vi, '; ' order by others.unit_uid) as other_unit
    from organisations
    inner join organisations as others
        on
            organisations.report_year = others.report_year
            and organisations.sheet_code = others.sheet_code
            and organisations.organisation_id = others.organisation_id
            and organisations.unit_uid <> others.unit_uid
    inner join units on others.unit_uid = units.unit_uid
    group by
        organisations.submission_id, organisations.sheet_code, organisations.row_number,
        organisations.key_field, organisations.organisation_id, organisations.report_year
)

select
    'X04' as rule_code,
    submission_id,
    sheet_code,
    row_number,
    key_field as field_code,
    organisation_id as value,
    null::text as expected,
    other_unit,
    report_year
from reported_twice
