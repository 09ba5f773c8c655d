with

reporting_units as (
    select * from {{ ref('dim_reporting_units') }}
),

codes as (
    select * from {{ ref('dim_codes') }}
),

unioned as (
    select
        unit_uid,
        reporting_unit_code,
        unit_kind,
        unit_name_vi,
        first_report_year,
        last_report_year,
        valid_from,
        valid_to
    from reporting_units

    union all

    -- figures have these two unit_uids as well
    select
        code as unit_uid,
        null as reporting_unit_code,
        code as unit_kind,
        label_vi as unit_name_vi,
        null as first_report_year,
        null as last_report_year,
        null as valid_from,
        null as valid_to
    from codes
    where code_list = 'places'
)

{{ contracted('unioned') }}
