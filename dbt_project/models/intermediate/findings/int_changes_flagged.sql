with

compared as (
    select * from {{ ref('int_counts_compared') }}
),

-- stocks of persons; cumulative counts only grow, and Y06 checks flows
leaps as (
    select
        'Y02' as rule_code,
        compared.*
    from compared
    where
        unit = 'person' and measure = 'stock'
        and not field_code ~ '(trained|certified|skilled)'
        and abs(value - last_value) > 5
        and abs(value - last_value) > 0.3 * last_value
),

-- one finding for a row: its fields, values and last values in one order
leaps_of_row as (
    select
        rule_code,
        submission_id,
        sheet_code,
        row_number,
        report_year,
        string_agg(field_code, ' ' order by field_code) as field_code,
        string_agg(trim_scale(value)::text, '; ' order by field_code) as value,
        string_agg(trim_scale(last_value)::text, '; ' order by field_code) as expected
    from leaps
    group by rule_code, submission_id, sheet_code, row_number, report_year
),

people as (
    select
        pairs.part_field,
        pairs.whole_field
    from (
        values
        ('women_managers_trained', 'women_managers'),
        ('women_managers_certified', 'women_managers'),
        ('women_vocational_trained', 'women_in_cooperative'),
        ('members_ecommerce_trained', 'members'),
        ('officers_skilled', 'officers'),
        ('assigned_officers_trained', 'assigned_officers')
    ) as pairs (part_field, whole_field)
),

-- trained since plan start cannot fall while the people that they are counted among did not
falls as (
    select
        'Y04' as rule_code,
        parts.*
    from compared as parts
    inner join people on parts.field_code = people.part_field
    inner join compared as wholes
        on
            parts.report_year = wholes.report_year
            and parts.sheet_code = wholes.sheet_code
            and parts.organisation_id = wholes.organisation_id
            and parts.submission_id = wholes.submission_id
            and parts.row_number = wholes.row_number
            and people.whole_field = wholes.field_code
    where parts.value < parts.last_value and wholes.value >= wholes.last_value
),

unioned as (
    select
        rule_code,
        submission_id,
        sheet_code,
        row_number,
        field_code,
        value,
        expected,
        report_year
    from leaps_of_row

    union all

    select
        rule_code,
        submission_id,
        sheet_code,
        row_number,
        field_code,
        trim_scale(value)::text,
        trim_scale(last_value)::text,
        report_year
    from falls
)

select
    rule_code,
    submission_id,
    sheet_code,
    row_number,
    field_code,
    value,
    expected,
    null::text as other_unit,
    report_year
from unioned
