with

targets as (
    select * from {{ ref('rpt_annual_targets') }}
),

codes as (
    select * from {{ ref('dim_codes') }}
),

joined as (
    select
        targets.*,
        units_of_measure.label_vi as unit_of_measure_vi,
        verdicts.label_vi as verdict_name_vi
    from targets
    left join codes as units_of_measure
        on targets.unit = units_of_measure.code and units_of_measure.code_list = 'units_of_measure'
    left join codes as verdicts
        on targets.verdict = verdicts.code and verdicts.code_list = 'verdicts'
)

{{ contracted('joined') }}
