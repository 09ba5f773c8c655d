with

statuses as (
    select * from {{ ref('int_indicator_statuses_derived') }}
),

sums as (
    select * from {{ ref('int_contributions_summed') }}
    where basis = 'as_reported' and breakdown = 'total'
),

unit_years as (
    select * from {{ ref('int_unit_years_summarised') }}
),

unit_statuses as (
    select
        statuses.indicator_code,
        statuses.measure_code,
        statuses.report_year,
        statuses.unit_uid,
        statuses.is_owed,
        case
            -- nothing on the sheet, and yet a figure: earlier years', or an organisation's that changed its kind
            when statuses.sheet_status in ('nil', 'unanswered', 'not_assigned') and coalesce(sums.numerator, 0) <> 0
                then case when unit_years.value_kind = 'estimate' then 'estimated' else 'reported' end
            when statuses.sheet_status = 'unanswered' then 'not_reported'
            when statuses.sheet_status = 'not_assigned' then 'not_applicable'
            else statuses.sheet_status
        end as value_status
    from statuses
    inner join unit_years using (report_year, unit_uid)
    left join sums using (indicator_code, measure_code, report_year, unit_uid)
),

-- what a unit leaves blank or calls nil without owing it says nothing about the province
province_statuses as (
    select
        indicator_code,
        measure_code,
        report_year,
        'province' as unit_uid,
        {{ status_of_many("case when is_owed or value_status in ('reported', 'estimated') then value_status end") }} as value_status,
        count(*) filter (where is_owed)::integer as units_expected,
        count(*) filter (where is_owed and value_status in ('reported', 'estimated', 'nil'))::integer as units_reported
    from unit_statuses
    group by indicator_code, measure_code, report_year
)

-- who owes a figure, and who of them gave it: volunteers do not count
select
    indicator_code,
    measure_code,
    report_year,
    unit_uid,
    value_status,
    is_owed::integer as units_expected,
    (is_owed and value_status in ('reported', 'estimated', 'nil'))::integer as units_reported
from unit_statuses
union all
select * from province_statuses
union all
select * from {{ ref('int_calendar_statuses_settled') }}
