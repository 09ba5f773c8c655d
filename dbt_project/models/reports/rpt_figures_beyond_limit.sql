with

figures as (
    select * from {{ ref('fct_indicator_values') }}
    where unit_uid = 'province' and basis = 'as_reported' and breakdown = 'total'
),

measures as (
    select * from {{ ref('dim_measures') }}
),

beyond as (
    select
        figures.report_year,
        figures.indicator_code,
        figures.measure_code,
        measures.measure_name_vi,
        measures.unit_name_vi as unit_of_measure_vi,
        figures.value,
        measures.limit_indicator_code,
        measures.limit_measure_code,
        limit_measures.measure_name_vi as limit_name_vi,
        limits.value as at_most
    from figures
    inner join measures using (indicator_code, measure_code)
    inner join figures as limits
        on
            measures.limit_indicator_code = limits.indicator_code
            and measures.limit_measure_code = limits.measure_code
            and figures.report_year = limits.report_year
    inner join measures as limit_measures
        on
            measures.limit_indicator_code = limit_measures.indicator_code
            and measures.limit_measure_code = limit_measures.measure_code
    where figures.value > limits.value
)

{{ contracted('beyond') }}
