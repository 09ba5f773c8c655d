with

organisation_years as (
    select * from {{ ref('int_organisations_reported') }}
    where is_programme_ground and counts_for_province
),

report_years as (
    select * from {{ ref('int_years_reported') }}
)

-- the last known unit and commune of an organisation, up to each year
select distinct on (report_years.report_year, organisation_years.organisation_id)
    report_years.report_year,
    organisation_years.organisation_id,
    organisation_years.unit_uid,
    organisation_years.commune_uid
from report_years
inner join organisation_years on organisation_years.report_year <= report_years.report_year
order by report_years.report_year, organisation_years.organisation_id, organisation_years.report_year desc
