with

registered as (
    select * from {{ ref('stg_registry__cooperatives') }}
    where organisation_kind <> 'group'
),

described as (
    select
        registered.*,
        row_number() over (partition by registration_number order by speaks_of) as pull_number,
        row_number() over (
            partition by
                registration_number, tax_code, organisation_name, organisation_kind, commune_code, sector,
                registered_on, status, charter_capital_vnd, members, union_founded
            order by speaks_of
        ) as same_number
    from registered
),

-- consecutive pulls that say the same are one version
versions as (
    select
        registration_number,
        tax_code,
        organisation_name,
        organisation_kind,
        commune_code,
        sector,
        registered_on,
        status,
        charter_capital_vnd,
        members,
        union_founded,
        min(speaks_of) as valid_from
    from described
    group by
        registration_number, tax_code, organisation_name, organisation_kind, commune_code, sector,
        registered_on, status, charter_capital_vnd, members, union_founded, pull_number - same_number
)

select
    registration_number::text as registration_number,
    tax_code::text as tax_code,
    organisation_name::text as cooperative_name,
    organisation_kind::text as organisation_kind,
    commune_code::text as commune_code,
    sector::text as sector,
    registered_on::date as registered_on,
    status::text as status,
    (charter_capital_vnd / 1000000)::numeric as charter_capital_million_vnd,
    members::integer as members,
    union_founded::boolean as union_supported_founding,
    valid_from::date as valid_from,
    (lead(valid_from) over (partition by registration_number order by valid_from) - 1)::date as valid_to
from versions
