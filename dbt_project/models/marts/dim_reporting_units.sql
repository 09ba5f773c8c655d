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
    select * from {{ ref('int_units_named') }}
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
),

joined as (
    select
        on_the_roster.*,
        names.unit_name_vi,
        names.unit_name_en,
        -- a unit of the map has its own days; an agency ends when another takes over from it
        administrative_units.valid_from,
        coalesce(administrative_units.valid_to, succession.effective_from - 1) as valid_to
    from on_the_roster
    left join names on on_the_roster.unit_uid = names.unit_uid
    left join administrative_units on on_the_roster.unit_uid = administrative_units.uid
    left join succession on on_the_roster.reporting_unit_code = succession.predecessor
)

{{ contracted('joined') }}
