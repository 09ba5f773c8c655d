with

phases as (
    select * from {{ ref('phases') }}
)

select
    phase::integer as phase,
    name_vi::text as phase_name_vi,
    begins_on::date as begins_on,
    ends_on::date as ends_on,
    extract(year from begins_on)::integer as first_report_year,
    extract(year from ends_on)::integer as last_report_year,
    contributions_basis::text as contributions_basis
from phases
