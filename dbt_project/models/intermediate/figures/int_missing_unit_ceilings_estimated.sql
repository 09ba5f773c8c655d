with

expected as (
    select * from {{ ref('int_units_expected') }}
),

registered as (
    select * from {{ ref('int_registry_organisations_assessed') }}
),

indicator_values as (
    select * from {{ ref('int_indicator_values_computed') }}
    where breakdown = 'total'
),

-- the registry's organisations in the area of each unit: one that is not in the registry cannot count
registry_ceilings as (
    select
        report_year,
        unit_uid,
        count(*) filter (where is_women_managed) as t01,
        count(*) filter (where is_group and union_founded) as t02,
        count(*) filter (where is_women_managed and is_founded_under_plan) as t07
    from registered
    group by report_year, unit_uid
)

select
    expected.indicator_code,
    expected.measure_code,
    expected.report_year,
    expected.unit_uid,
    expected.is_missing,
    case
        when expected.ceiling_kind is null then null
        -- a sheet that is not the unit's to fill in adds nothing
        when own_values.value_status = 'not_applicable' then 0
        when expected.ceiling_kind = 'registry' then coalesce(case expected.indicator_code
            when 'T01' then registry_ceilings.t01
            when 'T02' then registry_ceilings.t02
            when 'T07' then registry_ceilings.t07
        end, 0)
        -- a unit has at most what its area had in the last report year
        else coalesce(last_values.denominator, last_values.numerator)
    end as ceiling
from expected
left join registry_ceilings using (report_year, unit_uid)
left join indicator_values as own_values
    on
        expected.report_year = own_values.report_year
        and expected.unit_uid = own_values.unit_uid
        and expected.indicator_code = own_values.indicator_code
        and expected.measure_code = own_values.measure_code
        and own_values.basis = 'as_reported'
left join indicator_values as last_values
    on
        expected.last_report_year = last_values.report_year
        and expected.unit_uid = last_values.unit_uid
        and expected.own_basis = last_values.basis
        and expected.indicator_code = last_values.indicator_code
        and expected.measure_code = last_values.measure_code
where expected.is_missing or own_values.value_status = 'not_reported'
