with

measures as (
    select * from {{ ref('dim_measures') }}
),

indicators as (
    select * from {{ ref('dim_indicators') }}
),

sections as (
    select * from {{ ref('dim_codes') }}
    where code_list = 'report_sections'
),

-- the indicator says in English what its own figure counts
joined as (
    select
        measures.*,
        measures.unit_name_vi as unit_vi,
        indicators.indicator_name_vi,
        indicators.indicator_name_en,
        indicators.indicator_kind,
        indicators.plan_section,
        indicators.comparator,
        indicators.decision_codes,
        indicators.definition_vi,
        case
            when measures.measure_code = 'value'
                then concat_ws(' / ', indicators.numerator_definition, indicators.denominator_definition)
            else measures.computed_from
        end as definition_en,
        sections.label_vi as report_section_name_vi,
        row_number() over (
            order by indicators.indicator_kind desc, measures.indicator_code, measures.measure_order, measures.measure_code
        ) as sort_order
    from measures
    inner join indicators on measures.indicator_code = indicators.indicator_code
    left join sections on indicators.report_section = sections.code
)

{{ contracted('joined') }}
