with

unit_years as (
    select * from {{ ref('fct_reporting_unit_years') }}
),

units as (
    select * from {{ ref('dim_reporting_units') }}
),

-- where the deadline's own day does not count, a file of that day is neither on time nor simply late (decision A15)
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
        {{ label_of('unit_kinds', 'judged.unit_kind') }} as unit_kind_name_vi,
        judged.is_mandatory as expected,
        judged.first_received_at as received_at,
        {{ label_of('punctualities', 'judged.punctuality') }} as punctuality_name_vi,
        {{ label_of('unit_year_statuses', 'judged.status') }} as status_name_vi
    from judged
    inner join units on judged.unit_uid = units.unit_uid
)

{{ contracted('joined') }}
