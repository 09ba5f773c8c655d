with

unit_years as (
    select * from {{ ref('fct_reporting_unit_years') }}
),

units as (
    select * from {{ ref('dim_reporting_units') }}
),

codes as (
    select * from {{ ref('dim_codes') }}
),

-- where the day itself does not count, what came on it is neither in time nor simply late (decision A15)
judged as (
    select
        *,
        case
            when on_time is null then 'none'
            when on_time then 'on_time'
            when on_due_day then 'on_due_day'
            else 'late'
        end as punctuality
    from unit_years
)

select
    judged.report_year::integer as report_year,
    judged.unit_uid::text as unit_uid,
    judged.reporting_unit_code::text as reporting_unit_code,
    units.unit_name_vi::text as unit_name_vi,
    judged.unit_kind::text as unit_kind,
    kinds.label_vi::text as unit_kind_name_vi,
    judged.is_mandatory::boolean as expected,
    judged.due_at::timestamptz as due_at,
    judged.first_received_at::timestamptz as received_at,
    judged.on_time::boolean as on_time,
    judged.on_due_day::boolean as on_due_day,
    judged.punctuality::text as punctuality,
    punctualities.label_vi::text as punctuality_name_vi,
    judged.status::text as status,
    statuses.label_vi::text as status_name_vi,
    judged.errors::integer as errors,
    judged.open_queries::integer as open_queries
from judged
inner join units on judged.unit_uid = units.unit_uid
left join codes as kinds on judged.unit_kind = kinds.code and kinds.code_list = 'unit_kinds'
left join codes as punctualities
    on judged.punctuality = punctualities.code and punctualities.code_list = 'punctualities'
left join codes as statuses on judged.status = statuses.code and statuses.code_list = 'unit_year_statuses'
