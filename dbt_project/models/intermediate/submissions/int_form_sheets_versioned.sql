with

form_versions as (
    select * from {{ ref('form_versions') }}
),

form_sheets as (
    select * from {{ ref('form_sheets') }}
)

-- a version changes the rows of the versions before it, and keeps the others
select distinct on (form_versions.form_version, form_sheets.sheet_code)
    form_versions.form_version,
    form_sheets.sheet_code,
    form_sheets.applies_to
from form_versions
inner join form_sheets on form_versions.form_version >= form_sheets.form_version
order by form_versions.form_version, form_sheets.sheet_code, form_sheets.form_version desc
