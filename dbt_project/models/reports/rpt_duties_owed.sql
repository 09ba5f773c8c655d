with

owed as (
    select * from {{ ref('fct_duties_owed') }}
),

units as (
    select * from {{ ref('dim_reporting_units') }}
),

joined as (
    select
        owed.*,
        units.unit_name_vi,
        {{ label_of('duties', 'owed.duty_code') }} as duty_name_vi
    from owed
    inner join units on owed.unit_uid = units.unit_uid
)

{{ contracted('joined') }}
