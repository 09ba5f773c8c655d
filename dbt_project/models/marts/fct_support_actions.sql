with

actions as (
    select * from {{ ref('int_support_actions_resolved') }}
)

select
    report_year::integer as report_year,
    unit_uid::text as unit_uid,
    organisation_code::text as organisation_code,
    organisation_kind::text as organisation_kind,
    organisation_id::text as organisation_id,
    support_kind::text as support_kind,
    started_on::date as started_on,
    ended_on::date as ended_on,
    supporting_agency::text as supporting_agency,
    cost_million_vnd::numeric as cost_million_vnd,
    funding_source::text as funding_source,
    result::text as result,
    is_programme_ground::boolean as is_programme_ground,
    submission_id::text as submission_id,
    row_number::integer as row_number
from actions
