with

differences as (
    select * from {{ ref('fct_registry_differences') }}
),

units as (
    select * from {{ ref('dim_reporting_units') }}
),

submissions as (
    select * from {{ ref('fct_submissions') }}
),

joined as (
    select
        differences.*,
        units.unit_name_vi,
        {{ label_of('registry_differences', 'differences.difference') }} as difference_name_vi,
        {{ label_of('registry_differences', 'differences.difference', 'label_en') }} as difference_name_en,
        submissions.receipt_number
    from differences
    left join units on differences.unit_uid = units.unit_uid
    left join submissions on differences.submission_id = submissions.submission_id
)

{{ contracted('joined') }}
