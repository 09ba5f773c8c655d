with

cooperatives as (
    select * from {{ ref('int_cooperatives_qualified') }}
),

-- a row and the one of the same cooperative that counted for the province a year before
beside as (
    select
        cooperatives.report_year,
        cooperatives.unit_uid,
        cooperatives.counts_for_province,
        cooperatives.registration_number as organisation_id,
        cooperatives.commune_uid,
        cooperatives.submission_id,
        cooperatives.row_number,
        earlier.submission_id as earlier_submission_id,
        earlier.row_number as earlier_row_number,
        fields.*
    from cooperatives
    inner join cooperatives as earlier
        on
            cooperatives.registration_number = earlier.registration_number
            and cooperatives.report_year = earlier.report_year + 1
            and earlier.counts_for_province
    cross join lateral (
        values
        ('members', cooperatives.members::numeric, earlier.members::numeric),
        ('charter_capital', cooperatives.charter_capital_million_vnd, earlier.charter_capital_million_vnd),
        ('revenue', cooperatives.revenue_million_vnd, earlier.revenue_million_vnd),
        ('profit', cooperatives.profit_million_vnd, earlier.profit_million_vnd)
    ) as fields (field_code, this_year, year_before)
    where fields.this_year is not null and fields.year_before is not null
),

counted as (
    {{ for_unit_and_province('beside', 'counts_for_province') }}
)

select
    'C11' as indicator_code,
    counted.field_code as measure_code,
    'matched_panel' as breakdown,
    parts.breakdown_code,
    counted.report_year,
    counted.counted_for,
    'numerator' as part,
    parts.submission_id,
    parts.row_number,
    counted.field_code,
    parts.contribution,
    counted.organisation_id,
    counted.commune_uid
from counted
cross join lateral (
    values
    ('this_year', submission_id, row_number, this_year),
    ('change', submission_id, row_number, this_year),
    ('change', earlier_submission_id, earlier_row_number, -year_before)
) as parts (breakdown_code, submission_id, row_number, contribution)
