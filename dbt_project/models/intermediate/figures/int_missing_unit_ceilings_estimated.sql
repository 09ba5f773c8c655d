with

missing as (
    select * from {{ ref('int_missing_units_listed') }}
),

indicator_values as (
    select * from {{ ref('int_indicator_values_computed') }}
    where breakdown = 'total'
),

registry_ceilings as (
    select * from {{ ref('int_registry_ceilings_summed') }}
),

-- where an area has no last report, the largest of its kind is taken as the most
largest as (
    select
        indicator_values.indicator_code,
        indicator_values.measure_code,
        indicator_values.report_year,
        unit_years.unit_kind,
        max(indicator_values.denominator) as denominator
    from indicator_values
    inner join {{ ref('int_unit_years_summarised') }} as unit_years using (report_year, unit_uid)
    where indicator_values.basis = 'as_reported'
    group by indicator_values.indicator_code, indicator_values.measure_code, indicator_values.report_year, unit_years.unit_kind
),

judged as (
    select
        missing.*,
        -- an organisation that is not in the registry cannot count
        case when registry_ceilings.unit_uid is null then 0 else registry_ceilings.most end as by_registry,
        coalesce(registry_ceilings.is_certain, true) as registry_is_certain,
        coalesce(last_values.denominator, largest.denominator) as by_report
    from missing
    left join registry_ceilings using (report_year, unit_uid, indicator_code)
    left join largest using (indicator_code, measure_code, report_year, unit_kind)
    left join indicator_values as last_values
        on
            missing.last_report_year = last_values.report_year
            and missing.unit_uid = last_values.unit_uid
            and missing.own_basis = last_values.basis
            and missing.indicator_code = last_values.indicator_code
            and missing.measure_code = last_values.measure_code
)

select
    indicator_code,
    measure_code,
    report_year,
    unit_uid,
    -- a unit of the roster is under the line already
    case ceiling_kind when 'registry' then by_registry when 'last_report' then by_report when 'roster' then 1 end as numerator_most,
    case ceiling_kind when 'last_report' then by_report when 'roster' then 0 end as denominator_most,
    case
        when ceiling_kind = 'roster' or (ceiling_kind = 'registry' and registry_is_certain) then 'certain'
        when ceiling_kind = 'registry' and by_registry is not null then 'assumed'
        when ceiling_kind = 'last_report' and by_report is not null then 'assumed'
        else 'open'
    end as bound_kind
from judged
