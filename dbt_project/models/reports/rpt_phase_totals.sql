with

totals as (
    select * from {{ ref('fct_phase_totals') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

breakdown_codes as (
    select * from {{ ref('dim_breakdown_codes') }}
),

joined as (
    select
        totals.*,
        topics.label_vi as topic_name_vi,
        topics.sort_order as topic_order,
        measures.measure_name_vi,
        measures.unit,
        measures.unit_name_vi as unit_of_measure_vi,
        breakdown_codes.breakdown_code_name_vi,
        breakdown_codes.sort_order as breakdown_order
    from totals
    inner join measures using (indicator_code, measure_code)
    inner join {{ ref('dim_codes') }} as topics on topics.code_list = 'phase_total_topics' and totals.topic = topics.code
    left join breakdown_codes using (breakdown, breakdown_code)
)

{{ contracted('joined') }}
