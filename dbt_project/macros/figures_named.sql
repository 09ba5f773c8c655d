{# The figures of the measures that a table shows (measures.csv, shown_in), with their names. #}
{% macro figures_named(shown_in, condition='true') -%}
with

figures as (
    select * from {{ ref('fct_indicator_values') }}
    where {{ condition }}
),

measures as (
    select * from {{ ref('dim_measures') }}
    where shown_in = '{{ shown_in }}'
),

units as (
    select
        unit_uid,
        unit_kind,
        unit_name_vi
    from {{ ref('dim_reporting_units') }}

    union all

    select
        code,
        code,
        label_vi
    from {{ ref('dim_codes') }}
    where code_list = 'places'
),

joined as (
    select
        figures.*,
        measures.measure_name_vi,
        measures.unit,
        measures.unit_name_vi as unit_of_measure_vi,
        measures.measure_order,
        indicators.indicator_name_vi,
        breakdown_codes.breakdown_name_vi,
        coalesce(breakdown_codes.breakdown_code_name_vi, figures.breakdown_code) as breakdown_code_name_vi,
        breakdown_codes.sort_order as breakdown_order,
        units.unit_kind,
        units.unit_name_vi,
        {{ label_of('value_statuses', 'figures.value_status') }} as value_status_name_vi
    from figures
    inner join measures using (indicator_code, measure_code)
    inner join {{ ref('dim_indicators') }} as indicators using (indicator_code)
    left join {{ ref('dim_breakdown_codes') }} as breakdown_codes using (breakdown, breakdown_code)
    left join units on figures.unit_uid = units.unit_uid
)

{{ contracted('joined') }}
{%- endmacro %}
