with

cooperatives as (
    select * from {{ ref('int_cooperatives_current') }}
),

registered as (
    select * from {{ ref('int_registry_organisations_placed') }}
    where organisation_kind <> 'group'
),

report_years as (
    select * from {{ ref('int_registry_cut_offs') }}
),

compared as (
    select
        cooperatives.*,
        registered.registration_number is not null as is_registered,
        registered.organisation_name as registry_name,
        registered.status as registry_status,
        registered.registered_on as registry_date,
        registered.members as registry_members,
        regexp_replace({{ normalised('cooperatives.cooperative_name') }}, '^(htx|hợp tác xã) ', '') as short_name,
        regexp_replace({{ normalised('registered.organisation_name') }}, '^(htx|hợp tác xã) ', '') as registry_short_name
    from cooperatives
    inner join report_years on cooperatives.report_year = report_years.report_year
    left join registered
        on
            cooperatives.report_year = registered.report_year
            and cooperatives.registration_number = registered.registration_number
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
    ('X01', 'registration_number', registration_number, 'một HTX có trong sổ đăng ký', not is_registered),
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
