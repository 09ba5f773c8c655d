with

compared as (
    select * from {{ ref('int_cooperatives_matched') }}
)

select
    differences.rule_code,
    compared.submission_id,
    '01_HTX' as sheet_code,
    compared.row_number,
    differences.field_code,
    differences.value,
    differences.expected,
    null::text as other_unit,
    compared.report_year
from compared
cross join lateral (
    values
    ('X01', 'registration_number', registration_number, {{ finding_words('not_registered') }}, not is_registered),
    ('X01', 'status', status, registry_status, registry_status = 'dissolved' and status <> 'dissolved'),
    ('X01', 'cooperative_name', cooperative_name, registry_name, short_name <> registry_short_name),
    (
        'X02', 'members', members::text, registry_members::text,
        abs(members - registry_members) > 0.1 * registry_members
    ),
    ('X02', 'registered_on', registered_on::text, registry_date::text, registered_on <> registry_date),
    ('X02', 'status', status, registry_status, status <> registry_status and registry_status <> 'dissolved')
) as differences (rule_code, field_code, value, expected, is_different)
where differences.is_different
