with

restated as (
    select * from {{ ref('stg_quality__target_sensitivity') }}
),

decisions as (
    select * from {{ ref('decisions') }}
),

-- an option may set cells of several rows, with its wording on each; the one in force need not be listed
options as (
    select
        decision_code,
        option,
        min(option_vi) as option_vi,
        min(note_vi) as note_vi
    from {{ ref('decision_options') }}
    group by decision_code, option
),

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
