with

unit_years as (
    select * from {{ ref('int_unit_years_summarised') }}
    where has_report and is_programme_ground
),

registered as (
    select * from {{ ref('int_registry_organisations_placed') }}
    where organisation_kind <> 'group' and status is distinct from 'dissolved'
),

cut_offs as (
    select * from {{ ref('int_registry_snapshots_selected') }}
),

women_managed as (
    select * from {{ ref('int_registry_women_managed') }}
),

reported as (
    select * from {{ ref('int_cooperatives_reported') }}
)

-- women-managed cooperatives of the registry that the unit of their area does not list
select
    unit_years.report_year,
    unit_years.unit_uid,
    unit_years.base_submission_id as submission_id,
    registered.registration_number,
    registered.organisation_name,
    registered.snapshot_id
from registered
inner join cut_offs on registered.report_year = cut_offs.report_year
inner join women_managed
    on
        registered.registration_number = women_managed.registration_number
        and cut_offs.snapshot_id = women_managed.snapshot_id
        and cut_offs.registry_cut_off = women_managed.in_office_on
inner join unit_years on registered.report_year = unit_years.report_year and registered.unit_uid = unit_years.unit_uid
left join reported
    on
        registered.report_year = reported.report_year
        and registered.registration_number = reported.registration_number
        and registered.unit_uid = reported.unit_uid
where reported.registration_number is null
