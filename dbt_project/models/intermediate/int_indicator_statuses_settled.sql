with

statuses as (
    select * from {{ ref('int_indicator_statuses') }}
),

sums as (
    select * from {{ ref('int_indicator_sums') }}
),

unit_years as (
    select * from {{ ref('int_unit_years') }}
),

report_years as (
    select * from {{ ref('int_report_years') }}
),

calendar_indicators as (
    select * from {{ ref('indicators') }}
    where indicator_kind = 'target' and main_sheet is null
),

unit_statuses as (
    select
        statuses.indicator_code,
        statuses.report_year,
        statuses.unit_uid,
        case
            -- nothing on the sheet, and yet a figure: earlier years', or an organisation's that changed its kind
            when statuses.sheet_status = 'nil' and coalesce(sums.numerator, 0) <> 0
                then case when unit_years.value_kind = 'estimate' then 'estimated' else 'reported' end
            else statuses.sheet_status
        end as value_status
    from statuses
    inner join unit_years
        on statuses.report_year = unit_years.report_year and statuses.unit_uid = unit_years.unit_uid
    left join sums
        on
            statuses.indicator_code = sums.indicator_code
            and statuses.report_year = sums.report_year
            and statuses.unit_uid = sums.unit_uid
),

province_statuses as (
    select
        indicator_code,
        report_year,
        'province' as unit_uid,
        case
            when bool_or(value_status = 'estimated') then 'estimated'
            when bool_or(value_status = 'reported') then 'reported'
            when bool_or(value_status = 'nil') then 'nil'
            else 'not_reported'
        end as value_status
    from unit_statuses
    group by indicator_code, report_year
),

-- indicators of the calendar and of the Union's own duties exist for the province alone
calendar_statuses as (
    select
        calendar_indicators.indicator_code,
        report_years.report_year,
        'province' as unit_uid,
        'reported' as value_status
    from calendar_indicators
    cross join report_years
)

select * from unit_statuses
union all
select * from province_statuses
union all
select * from calendar_statuses
