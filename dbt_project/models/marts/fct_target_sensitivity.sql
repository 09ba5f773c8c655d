{{ config(materialized='view') }}

with

restated as (
    select * from {{ ref('stg_quality__target_sensitivity') }}
),

decisions as (
    select * from {{ ref('decisions') }}
),

-- an option may set cells of several rows, and says its words on each; the one in force may be listed nowhere
options as (
    select
        decision_code,
        option,
        min(option_vi) as option_vi,
        min(note_vi) as note_vi
    from {{ ref('decision_options') }}
    group by decision_code, option
)

select
    restated.decision_code::text as decision_code,
    decisions.parameter::text as parameter,
    restated.option::text as option,
    options.option_vi::text as option_vi,
    restated.indicator_code::text as indicator_code,
    restated.report_year::integer as report_year,
    restated.is_current::boolean as is_current,
    restated.is_computable::boolean as is_computable,
    restated.value::numeric as value,
    restated.value_low::numeric as value_low,
    restated.value_high::numeric as value_high,
    restated.verdict::text as verdict,
    options.note_vi::text as note_vi
from restated
inner join decisions on restated.decision_code = decisions.decision_code
left join options on restated.decision_code = options.decision_code and restated.option = options.option
