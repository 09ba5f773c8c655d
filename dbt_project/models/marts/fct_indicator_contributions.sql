with

contributions as (
    select * from {{ ref('int_contributions_located') }}
),

-- a unit without a report for the year has no figure, whatever earlier years add
indicator_values as (
    select * from {{ ref('int_indicator_values_computed') }}
    where
        basis = 'as_reported'
        and breakdown = 'total'
        and value_status not in ('not_reported', 'not_applicable')
),

sheets as (
    select * from {{ ref('stg_submissions__sheets') }}
),

joined as (
    select
        contributions.*,
        md5(row(
            contributions.indicator_code, contributions.measure_code, contributions.breakdown, contributions.breakdown_code,
            contributions.report_year, contributions.unit_uid, contributions.part, contributions.submission_id,
            contributions.snapshot_id, contributions.sheet_code, contributions.row_number, contributions.field_code,
            contributions.organisation_id, contributions.reporting_unit_uid
        )::text) as contribution_id,
        sheets.column_letters ->> contributions.field_code || contributions.row_number as cell
    from contributions
    inner join indicator_values using (indicator_code, measure_code, report_year, unit_uid)
    left join sheets using (submission_id, sheet_code)
)

{{ contracted('joined') }}
