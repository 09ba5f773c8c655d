with

decisions as (
    select * from {{ ref('decisions') }}
),

options as (
    select * from {{ ref('decision_options') }}
),

renamed as (
    select
        decisions.*,
        lead(decisions.valid_from_year) over (
            partition by decisions.decision_code order by decisions.valid_from_year
        ) - 1 as valid_to_year,
        decisions.value as parameter_value,
        options.option_vi as parameter_value_vi,
        decisions.options as parameter_options
    from decisions
    left join options on decisions.decision_code = options.decision_code and decisions.value = options.value
)

{{ contracted('renamed') }}
