with

owed as (
    select * from {{ ref('fct_duties_owed') }}
),

units as (
    select * from {{ ref('dim_reporting_units') }}
),

codes as (
    select * from {{ ref('dim_codes') }}
),

joined as (
    select
        owed.*,
        units.unit_name_vi,
        codes.label_vi as duty_name_vi
    from owed
    inner join units on owed.unit_uid = units.unit_uid
    left join codes on codes.code_list = 'duties' and owed.duty_code = codes.code
)

{{ contracted('joined') }}
