with

figures as (
    select * from {{ ref('fct_indicator_values') }}
),

indicators as (
    select * from {{ ref('dim_indicators') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
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

-- counts of persons in priority groups are hidden unless disclosure control released them
judged as (
    select
        figures.*,
        not measures.counts_priority_groups or coalesce(disclosures.is_shown, false) as is_shown,
        measures.measure_name_vi,
        measures.unit,
        measures.unit_name_vi as unit_of_measure_vi
    from figures
    inner join measures using (indicator_code, measure_code)
    left join {{ ref('fct_priority_count_disclosures') }} as disclosures
        using (indicator_code, measure_code, breakdown, breakdown_code, report_year, unit_uid, basis)
    where measures.shown_in = 'figures'
),

joined as (
    select
        judged.indicator_code,
        judged.measure_code,
        judged.measure_name_vi,
        judged.unit,
        judged.unit_of_measure_vi,
        judged.breakdown,
        judged.breakdown_code,
        judged.report_year,
        judged.unit_uid,
        judged.basis,
        indicators.indicator_name_vi,
        breakdown_codes.breakdown_name_vi,
        coalesce(breakdown_codes.breakdown_code_name_vi, judged.breakdown_code) as breakdown_code_name_vi,
        breakdown_codes.sort_order as breakdown_order,
        units.unit_kind,
        units.unit_name_vi,
        judged.units_expected,
        judged.units_reported,
        {%- for column in ['numerator', 'denominator', 'value', 'value_low', 'value_high'] %}
        case when judged.is_shown then judged.{{ column }} end as {{ column }},
        {%- endfor %}
        judged.bound_kind,
        case when judged.is_shown then judged.value_status else 'suppressed' end as value_status,
        {{ label_of(
            'value_statuses', "case when judged.is_shown then judged.value_status else 'suppressed' end"
        ) }} as value_status_name_vi
    from judged
    inner join indicators on judged.indicator_code = indicators.indicator_code
    left join {{ ref('dim_breakdown_codes') }} as breakdown_codes using (breakdown, breakdown_code)
    left join units on judged.unit_uid = units.unit_uid
)

{{ contracted('joined') }}
