with

compared as (
    select * from {{ ref('int_counts_compared') }}
),

-- stocks of persons; cumulative counts only grow, and Y06 checks flows
leaps as (
    select * from compared
    where
        unit = 'person' and measure = 'stock'
        and not field_code ~ '(trained|certified|skilled)'
        and abs(value - last_value) > 5
        and abs(value - last_value) > 0.3 * last_value
)

-- of a row its fields, values and last values in one order
select
    'Y02' as rule_code,
    submission_id,
    sheet_code,
    row_number,
    string_agg(field_code, ' ' order by field_code) as field_code,
    string_agg(trim_scale(value)::text, '; ' order by field_code) as value,
    string_agg(trim_scale(last_value)::text, '; ' order by field_code) as expected,
    null::text as other_unit,
    report_year
from leaps
group by submission_id, sheet_code, row_number, report_year
