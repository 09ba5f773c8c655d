with

counts as (
    select * from {{ ref('fct_priority_counts_published') }}
),

joined as (
    select
        counts.*,
        indicators.indicator_name_vi,
        measures.measure_name_vi,
        measures.unit_name_vi as unit_of_measure_vi,
        groups.label_vi as breakdown_code_name_vi,
        groups.sort_order as breakdown_order,
        {{ label_of('value_statuses', 'counts.value_status') }} as value_status_name_vi,
        coalesce(
            {{ number_vi('counts.value') }}, {{ label_of('value_statuses', 'counts.value_status') }}
        ) as value_display
    from counts
    inner join {{ ref('dim_indicators') }} as indicators using (indicator_code)
    inner join {{ ref('dim_measures') }} as measures using (indicator_code, measure_code)
    inner join {{ ref('dim_codes') }} as groups
        on counts.breakdown_code = groups.code and groups.code_list = 'priority_groups'
)

{{ contracted('joined') }}
