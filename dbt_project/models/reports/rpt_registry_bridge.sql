with

bridge as (
    select * from {{ ref('fct_registry_bridge') }}
),

codes as (
    select * from {{ ref('dim_codes') }}
),

units as (
    select * from {{ ref('dim_reporting_units') }}
),

joined as (
    select
        bridge.*,
        coalesce(units.unit_name_vi, places.label_vi) as unit_name_vi,
        terms.label_vi as term_name_vi,
        terms.label_en as term_name_en
    from bridge
    left join units on bridge.unit_uid = units.unit_uid
    left join codes as places on places.code_list = 'places' and bridge.unit_uid = places.code
    left join codes as terms on terms.code_list = 'registry_bridge_terms' and bridge.term = terms.code
)

{{ contracted('joined') }}
