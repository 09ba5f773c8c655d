with

roster as (
    select * from {{ ref('reporting_roster') }}
),

administrative_units as (
    select * from {{ ref('administrative_units') }}
),

succession as (
    select * from {{ ref('agency_succession') }}
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
    -- a unit of the map has its own days; an agency ends when another takes over from it
    administrative_units.valid_from::date as valid_from,
    coalesce(administrative_units.valid_to, succession.effective_from - 1)::date as valid_to
from on_the_roster
left join names on on_the_roster.unit_uid = names.unit_uid
left join administrative_units on on_the_roster.unit_uid = administrative_units.uid
left join succession on on_the_roster.reporting_unit_code = succession.predecessor
