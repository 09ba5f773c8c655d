select
    indicator_code,
    measure_code,
    report_year,
    unit_uid,
    'as_reported' as basis,
    value_status,
    units_expected,
    units_reported
from {{ ref('int_indicator_statuses_settled') }}

union all

select
    indicator_code,
    measure_code,
    report_year,
    unit_uid,
    basis,
    value_status,
    units_expected,
    units_reported
from {{ ref('int_map_statuses_derived') }}
