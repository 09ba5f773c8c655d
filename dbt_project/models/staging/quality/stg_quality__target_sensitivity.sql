with

target_sensitivity as (
    select * from {{ source('quality', 'target_sensitivity') }}
),

renamed as (
    select
        decision_code,
        option,
        is_current,
        is_computable,
        indicator_code,
        report_year,
        value,
        value_low,
        value_high,
        verdict
    from target_sensitivity
)

select * from renamed
