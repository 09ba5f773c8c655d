with

compared as (
    select * from {{ ref('int_cooperatives_matched') }}
),

left_out as (
    select * from {{ ref('int_registry_cooperatives_omitted') }}
)

-- whatever differs, however little
select
    compared.report_year,
    compared.unit_uid,
    compared.registration_number,
    coalesce(compared.registry_name, compared.cooperative_name) as cooperative_name,
    differences.difference,
    differences.field_code,
    differences.reported_value,
    differences.registry_value,
    compared.submission_id,
    compared.row_number,
    compared.snapshot_id
from compared
cross join lateral (
    values
    ('missing_in_registry', 'registration_number', registration_number, null, not is_registered),
    ('members', 'members', members::text, registry_members::text, members <> registry_members),
    ('status', 'status', status, registry_status, status <> registry_status),
    ('registered_on', 'registered_on', registered_on::text, registry_date::text, registered_on <> registry_date),
    ('sector', 'sector', sector, registry_sector, sector <> registry_sector),
    ('ground', 'commune_code', unit_uid, registry_unit_uid, registry_unit_uid <> unit_uid),
    ('cooperative_name', 'cooperative_name', cooperative_name, registry_name, short_name <> registry_short_name),
    (
        'union_supported_founding', 'union_supported_founding', {{ yes_no('union_supported_founding') }},
        {{ yes_no('registry_union_founded') }}, union_supported_founding <> registry_union_founded
    ),
    (
        'women_managed', 'women_managers', {{ yes_no('women_managers >= 1') }},
        {{ yes_no('registry_is_women_managed') }}, is_registered and (women_managers >= 1) <> registry_is_women_managed
    )
) as differences (difference, field_code, reported_value, registry_value, is_different)
where differences.is_different

union all

select
    report_year,
    unit_uid,
    registration_number,
    organisation_name,
    'missing_in_report',
    'registration_number',
    null,
    registration_number,
    submission_id,
    null,
    snapshot_id
from left_out
