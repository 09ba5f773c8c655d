with

roster as (
    select * from {{ ref('reporting_roster') }}
),

cycles as (
    select * from {{ ref('report_cycles') }}
),

names as (
    select * from {{ ref('int_unit_names') }}
),

on_the_roster as (
    select
        roster.unit_uid,
        roster.reporting_unit_code,
        roster.unit_kind,
        bool_or(roster.mandatory = 'yes') as is_ever_mandatory,
        min(roster.report_year) as first_report_year,
        max(roster.report_year) as last_report_year
    from roster
    group by roster.unit_uid, roster.reporting_unit_code, roster.unit_kind
)

select
    on_the_roster.unit_uid::text as unit_uid,
    on_the_roster.reporting_unit_code::text as reporting_unit_code,
    on_the_roster.unit_kind::text as unit_kind,
    names.unit_name_vi::text as unit_name_vi,
    names.unit_name_en::text as unit_name_en,
    on_the_roster.is_ever_mandatory::boolean as is_ever_mandatory,
    on_the_roster.first_report_year::integer as first_report_year,
    on_the_roster.last_report_year::integer as last_report_year,
    first_cycles.data_window_from::date as valid_from,
    last_cycles.data_window_to::date as valid_to
from on_the_roster
left join names on on_the_roster.unit_uid = names.unit_uid
left join cycles as first_cycles on on_the_roster.first_report_year = first_cycles.report_year
left join cycles as last_cycles on on_the_roster.last_report_year = last_cycles.report_year
