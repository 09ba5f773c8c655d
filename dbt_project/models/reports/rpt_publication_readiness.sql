with

readiness as (
    select * from {{ ref('fct_publication_readiness') }}
)

select
    kind::text as kind,
    period::integer as period,
    report_year::integer as report_year,
    phase::integer as phase,
    name_vi::text as name_vi,
    expected_units::integer as expected_units,
    received_units::integer as received_units,
    missing_units::text as missing_units,
    clean_units::integer as clean_units,
    units_with_errors::integer as units_with_errors,
    units_with_open_queries::integer as units_with_open_queries,
    open_queries::integer as open_queries,
    is_complete::boolean as is_complete,
    units_due_at::timestamptz as units_due_at,
    due_at::timestamptz as due_at,
    deadline_rule_vi::text as deadline_rule_vi,
    goes_at::timestamptz as goes_at,
    closes_at::timestamptz as closes_at,
    opens_at::timestamptz as opens_at
from readiness
