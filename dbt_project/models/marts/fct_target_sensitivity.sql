with

restated as (
    select * from {{ ref('stg_quality__target_sensitivity') }}
),

decisions as (
    select distinct
        decision_code,
        parameter
    from {{ ref('decisions') }}
),

options as (
    select * from {{ ref('decision_options') }}
),

-- the option in force need not be listed
joined as (
    select
        restated.*,
        decisions.parameter,
        options.option_vi,
        options.note_vi
    from restated
    inner join decisions on restated.decision_code = decisions.decision_code
    left join options on restated.decision_code = options.decision_code and restated.option = options.option
)

{{ contracted('joined') }}
