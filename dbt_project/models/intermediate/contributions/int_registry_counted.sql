with

organisations as (
    select
        *,
        registration_number as organisation_id
    from {{ ref('int_registry_organisations_assessed') }}
),

counted as (
    {{ for_unit_and_province('organisations', counts_for_unit='organisations.unit_uid is not null') }}
),

{{ contributions_by_rule('registry', 'counted', ['snapshot_id', 'organisation_id', 'commune_uid']) }}
