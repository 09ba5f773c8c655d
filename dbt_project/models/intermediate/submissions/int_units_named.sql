with

roster as (
    select distinct
        unit_uid,
        reporting_unit_code
    from {{ ref('reporting_roster') }}
),

administrative_units as (
    select * from {{ ref('administrative_units') }}
),

agencies as (
    select * from {{ ref('code_lists') }}
    where code_list = 'agencies'
)

select
    roster.unit_uid,
    coalesce(administrative_units.name_full, agencies.label_vi) as unit_name_vi,
    agencies.label_en as unit_name_en
from roster
left join administrative_units on roster.unit_uid = administrative_units.uid
left join agencies on roster.reporting_unit_code = agencies.code
