with

compared as (
    select * from {{ ref('int_flows_compared') }}
),

thresholds as (
    select * from {{ ref('running_totals') }}
),

-- a row without a figure last year cannot show that it is in this year's
columns_compared as (
    select
        submission_id,
        report_year,
        sheet_code,
        field_code,
        bool_and(value >= last_value) as none_fell,
        min(row_number) filter (where last_value > 0) as first_row_number,
        count(*) filter (where last_value > 0) as rows_before,
        100 * sum(value) filter (where last_value > 0) / sum(last_value) filter (where last_value > 0) as growth_pct
    from compared
    group by submission_id, report_year, sheet_code, field_code
)

select
    'Y06' as rule_code,
    columns_compared.submission_id,
    columns_compared.sheet_code,
    columns_compared.first_row_number as row_number,
    columns_compared.field_code,
    -- of the column as a whole: figures of single rows are not repeated, those of 09_UU_TIEN must not be
    round(columns_compared.growth_pct)::text as value,
    columns_compared.rows_before::text as expected,
    null::text as other_unit,
    columns_compared.report_year
from columns_compared
inner join thresholds using (sheet_code, field_code)
where
    columns_compared.none_fell
    and columns_compared.rows_before >= thresholds.least_rows
    and columns_compared.growth_pct >= thresholds.least_growth_pct
