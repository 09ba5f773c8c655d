with

definitions as (
    select * from {{ ref('rpt_definitions') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

indicators as (
    select * from {{ ref('dim_indicators') }}
),

-- the indicator says in English what its own figure counts
joined as (
    select
        definitions.*,
        definitions.unit_of_measure_vi as unit_vi,
        measures.measure_name_en,
        measures.aggregation,
        measures.reported_by_vi,
        measures.reported_by_en,
        indicators.indicator_name_en,
        indicators.comparator,
        case
            when definitions.measure_code = 'value'
                then concat_ws(' / ', indicators.numerator_definition, indicators.denominator_definition)
            else measures.computed_from
        end as definition_en,
        row_number() over (
            order by
                definitions.indicator_kind desc, definitions.indicator_code,
                definitions.measure_order, definitions.measure_code
        ) as sort_order
    from definitions
    inner join measures using (indicator_code, measure_code)
    inner join indicators using (indicator_code)
)

{{ contracted('joined') }}
