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
),

joined as (
    select
        judged.*,
        units.unit_name_vi,
        kinds.label_vi as unit_kind_name_vi,
        judged.is_mandatory as expected,
        judged.first_received_at as received_at,
        punctualities.label_vi as punctuality_name_vi,
        statuses.label_vi as status_name_vi
    from judged
    inner join units on judged.unit_uid = units.unit_uid
    left join codes as kinds on judged.unit_kind = kinds.code and kinds.code_list = 'unit_kinds'
    left join codes as punctualities
        on judged.punctuality = punctualities.code and punctualities.code_list = 'punctualities'
    left join codes as statuses on judged.status = statuses.code and statuses.code_list = 'unit_year_statuses'
)

{{ contracted('joined') }}
