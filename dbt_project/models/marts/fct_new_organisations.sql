with

organisations as (
    select * from {{ ref('int_organisations_new') }}
)

select
    report_year::integer as report_year,
    organisation_kind::text as organisation_kind,
    organisation_id::text as organisation_id,
    unit_uid::text as unit_uid,
    founded_on::date as founded_on
from organisations
