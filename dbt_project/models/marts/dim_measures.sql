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

units as (
    select * from {{ ref('dim_reporting_units') }}
),

-- who owes a figure in any year: units of the ground by their kind, agencies by name
owing as (
    select distinct
        assigned.indicator_code,
        assigned.measure_code,
        coalesce(kinds.label_vi, units.unit_name_vi) as reporter_vi,
        coalesce(kinds.label_en, units.unit_name_en) as reporter_en,
        coalesce(kinds.sort_order, 9) as reporter_order
    from {{ ref('int_measures_assigned') }} as assigned
    inner join units on assigned.unit_uid = units.unit_uid
    left join {{ ref('code_lists') }} as kinds
        on units.unit_kind = kinds.code and units.unit_kind <> 'agency' and kinds.code_list = 'unit_kinds'
    where assigned.is_owed
),

reporters as (
    select
        indicator_code,
        measure_code,
        string_agg(reporter_vi, '; ' order by reporter_order, reporter_vi) as reported_by_vi,
        string_agg(reporter_en, '; ' order by reporter_order, reporter_en) as reported_by_en
    from owing
    group by indicator_code, measure_code
),

-- the one figure of an indicator has the indicator's name
joined as (
    select
        measures.*,
        coalesce(measure_names.name_vi, indicators.name_vi) as measure_name_vi,
        coalesce(measure_names.name_en, indicators.name_en) as measure_name_en,
        units_of_measure.label_vi as unit_name_vi,
        coalesce(measure_names.sort_order, 1) as measure_order,
        measure_names.definition_vi as measure_definition_vi,
        limits.limit_indicator_code,
        limits.limit_measure_code,
        reporters.reported_by_vi,
        reporters.reported_by_en
    from measures
    inner join indicators on measures.indicator_code = indicators.indicator_code
    left join measure_names
        on measures.indicator_code = measure_names.indicator_code and measures.measure_code = measure_names.measure_code
    left join limits
        on measures.indicator_code = limits.indicator_code and measures.measure_code = limits.measure_code
    left join reporters
        on measures.indicator_code = reporters.indicator_code and measures.measure_code = reporters.measure_code
    left join units_of_measure on measures.unit = units_of_measure.code
)

{{ contracted('joined') }}
