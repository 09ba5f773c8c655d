with

bridge as (
    select * from {{ ref('fct_registry_bridge') }}
),

codes as (
    select * from {{ ref('dim_codes') }}
),

units as (
    select * from {{ ref('dim_reporting_units') }}
)

select
    bridge.report_year::integer as report_year,
    bridge.unit_uid::text as unit_uid,
    coalesce(units.unit_name_vi, places.label_vi)::text as unit_name_vi,
    bridge.term::text as term,
    bridge.term_order::integer as term_order,
    terms.label_vi::text as term_name_vi,
    terms.label_en::text as term_name_en,
    bridge.cooperatives::integer as cooperatives,
    bridge.effect::integer as effect,
    bridge.registration_numbers::text[] as registration_numbers,
    bridge.last_counted_on::date as last_counted_on,
    bridge.counted_on::date as counted_on
from bridge
left join units on bridge.unit_uid = units.unit_uid
left join codes as places on places.code_list = 'places' and bridge.unit_uid = places.code
left join codes as terms on terms.code_list = 'registry_bridge_terms' and bridge.term = terms.code
