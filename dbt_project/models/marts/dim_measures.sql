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

limits as (
    select * from {{ ref('figure_limits') }}
),

-- the one figure of an indicator has the indicator's name
joined as (
    select
        measures.*,
        coalesce(measure_names.name_vi, indicators.name_vi) as measure_name_vi,
        coalesce(measure_names.name_en, indicators.name_en) as measure_name_en,
        units_of_measure.label_vi as unit_name_vi,
        coalesce(measure_names.sort_order, 1) as measure_order,
        limits.limit_indicator_code,
        limits.limit_measure_code
    from measures
    inner join indicators on measures.indicator_code = indicators.indicator_code
    left join measure_names
        on measures.indicator_code = measure_names.indicator_code and measures.measure_code = measure_names.measure_code
    left join limits
        on measures.indicator_code = limits.indicator_code and measures.measure_code = limits.measure_code
    left join units_of_measure on measures.unit = units_of_measure.code
)

{{ contracted('joined') }}
