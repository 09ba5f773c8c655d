with

measures as (
    select * from {{ ref('measures') }}
),

measure_names as (
    select * from {{ ref('measure_names') }}
),

indicators as (
    select * from {{ ref('indicators') }}
),

units_of_measure as (
    select * from {{ ref('code_lists') }}
    where code_list = 'units_of_measure'
),

priority_counts as (
    select
        indicator_code,
        measure_code
    from {{ ref('measure_breakdowns') }}
    where breakdown = 'priority_group'
),

-- the one figure of an indicator has the indicator's name
joined as (
    select
        measures.*,
        coalesce(measure_names.name_vi, indicators.name_vi) as measure_name_vi,
        coalesce(measure_names.name_en, indicators.name_en) as measure_name_en,
        units_of_measure.label_vi as unit_name_vi,
        coalesce(measure_names.sort_order, 1) as measure_order,
        priority_counts.measure_code is not null as counts_priority_groups
    from measures
    inner join indicators on measures.indicator_code = indicators.indicator_code
    left join measure_names
        on measures.indicator_code = measure_names.indicator_code and measures.measure_code = measure_names.measure_code
    left join units_of_measure on measures.unit = units_of_measure.code
    left join priority_counts
        on measures.indicator_code = priority_counts.indicator_code and measures.measure_code = priority_counts.measure_code
)

{{ contracted('joined') }}
