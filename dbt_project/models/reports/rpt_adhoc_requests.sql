with

requests as (
    select * from {{ ref('fct_adhoc_requests') }}
),

units as (
    select * from {{ ref('dim_reporting_units') }}
),

joined as (
    select
        requests.*,
        units.unit_name_vi,
        units.valid_to as unit_valid_to
    from requests
    left join units on requests.unit_uid = units.unit_uid
)

{{ contracted('joined') }}
