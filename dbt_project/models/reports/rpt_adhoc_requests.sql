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
        units.unit_name_vi
    from requests
    left join units on requests.unit_uid = units.unit_uid
)

{{ contracted('joined') }}
