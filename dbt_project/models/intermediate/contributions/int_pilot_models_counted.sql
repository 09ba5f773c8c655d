with

actions as (
    select * from {{ ref('int_support_actions_resolved') }}
    where organisation_id is not null and is_programme_ground
),

model_kinds as (
    select * from {{ ref('code_lists') }}
    where code_list = 'support_kinds' and {{ holds('flags', "'C08'") }}
),

organisation_years as (
    select * from {{ ref('int_organisations_reported') }}
    where is_programme_ground
),

report_years as (
    select * from {{ ref('int_years_reported') }}
),

latest_places as (
    select * from {{ ref('int_organisations_last_placed') }}
),

first_actions as (
    select distinct on (actions.organisation_kind, actions.organisation_id)
        actions.organisation_id,
        actions.report_year as first_report_year,
        actions.submission_id,
        actions.row_number
    from actions
    inner join model_kinds on actions.support_kind = model_kinds.code
    order by
        actions.organisation_kind,
        actions.organisation_id,
        actions.report_year,
        actions.received_at,
        actions.submission_id,
        actions.row_number
),

counted as (
    select
        first_actions.*,
        organisation_years.report_year,
        organisation_years.unit_uid as counted_for,
        organisation_years.unit_uid as reporting_unit_uid,
        organisation_years.commune_uid
    from first_actions
    inner join organisation_years
        on
            first_actions.organisation_id = organisation_years.organisation_id
            and first_actions.first_report_year <= organisation_years.report_year

    union all

    select
        first_actions.*,
        report_years.report_year,
        'province' as counted_for,
        latest.unit_uid as reporting_unit_uid,
        latest.commune_uid
    from first_actions
    inner join report_years on first_actions.first_report_year <= report_years.report_year
    left join latest_places as latest
        on first_actions.organisation_id = latest.organisation_id and report_years.report_year = latest.report_year
)

select
    'C08' as indicator_code,
    'organisations' as measure_code,
    report_year,
    counted_for,
    'numerator' as part,
    submission_id,
    row_number,
    'organisation_code' as field_code,
    1::numeric as contribution,
    organisation_id,
    commune_uid,
    reporting_unit_uid
from counted
