with

compared as (
    select * from {{ ref('int_counts_compared') }}
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
)

select
    rule_code,
    submission_id,
    sheet_code,
    row_number,
    field_code,
    trim_scale(value)::text as value,
    trim_scale(last_value)::text as expected,
    null::text as other_unit,
    report_year
from falls
