with

list_rows as (
    {{ current_rows(ref('stg_submissions__cooperatives'), '01_HTX', ['registration_number']) }}
),

communes as (
    select * from {{ ref('int_communes_dated') }}
),

registered as (
    select * from {{ ref('int_registry_organisations_placed') }}
)

select
    list_rows.*,
    communes.commune_uid,
    communes.latest_commune_uid,
    {{ counts_for_province('registration_number', 'registered.unit_uid') }} as counts_for_province
from list_rows
left join communes
    on
        list_rows.commune_code = communes.commune_code
        and list_rows.data_to between communes.valid_from and communes.valid_to
left join registered using (report_year, registration_number)
