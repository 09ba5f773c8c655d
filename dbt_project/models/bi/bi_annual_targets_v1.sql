with

targets as (
    select * from {{ ref('rpt_annual_targets') }}
),

joined as (
    select
        targets.*,
        {{ year_end('targets.report_year') }} as year_end_on,
        {{ is_latest_year('targets.report_year') }} as is_latest_year,
        {{ number_vi('targets.value') }} as value_display,
        {{ label_of('units_of_measure', 'targets.unit') }} as unit_of_measure_vi,
        {{ verdict_vi('targets') }} as verdict_name_vi
    from targets
)

{{ contracted('joined') }}
