with

targets as (
    select * from {{ ref('rpt_annual_targets') }}
),

joined as (
    select
        targets.*,
        {{ label_of('units_of_measure', 'targets.unit') }} as unit_of_measure_vi,
        {{ verdict_vi('targets') }} as verdict_name_vi
    from targets
)

{{ contracted('joined') }}
