with

assigned as (
    select * from {{ ref('fct_duties_assigned') }}
),

units as (
    select * from {{ ref('bi_units') }}
),

duties as (
    select * from {{ ref('dim_codes') }}
    where code_list = 'duties'
),

joined as (
    select
        assigned.*,
        {{ year_end('assigned.report_year') }} as year_end_on,
        units.unit_name_vi,
        units.unit_kind,
        units.unit_kind_vi,
        duties.label_vi as duty_name_vi,
        duties.label_en as duty_name_en,
        duties.sort_order as duty_order,
        {{ label_of('duty_statuses', 'assigned.duty_status') }} as duty_status_name_vi
    from assigned
    inner join units on assigned.unit_uid = units.unit_uid
    inner join duties on assigned.duty_code = duties.code
)

{{ contracted('joined') }}
