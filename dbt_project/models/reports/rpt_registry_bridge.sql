with

bridge as (
    select * from {{ ref('fct_registry_bridge') }}
),

units as (
    select * from {{ ref('dim_reporting_units') }}
),

joined as (
    select
        bridge.*,
        coalesce(units.unit_name_vi, {{ label_of('places', 'bridge.unit_uid') }}) as unit_name_vi,
        {{ label_of('registry_bridge_terms', 'bridge.term') }} as term_name_vi,
        {{ label_of('registry_bridge_terms', 'bridge.term', 'label_en') }} as term_name_en
    from bridge
    left join units on bridge.unit_uid = units.unit_uid
)

{{ contracted('joined') }}
