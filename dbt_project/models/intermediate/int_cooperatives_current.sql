with

list_rows as (
    {{ current_rows(ref('stg_submissions__cooperatives'), ['registration_number']) }}
),

communes as (
    select * from {{ ref('int_communes_valid') }}
),

registered as (
    select * from {{ ref('int_registry_organisations_placed') }}
),

placed as (
    select
        list_rows.*,
        communes.commune_uid,
        communes.latest_commune_uid,
        -- of several units' rows the one of the unit where the registry places the organisation counts, else the first received
        row_number() over (
            partition by list_rows.report_year, list_rows.registration_number
            order by
                list_rows.is_programme_ground desc,
                (registered.unit_uid is not distinct from list_rows.unit_uid) desc,
                list_rows.received_at,
                list_rows.file_name,
                list_rows.submission_id
        ) = 1 and list_rows.is_programme_ground as counts_for_province
    from list_rows
    left join communes
        on
            list_rows.commune_code = communes.commune_code
            and list_rows.data_to between communes.valid_from and communes.valid_to
    left join registered
        on
            list_rows.report_year = registered.report_year
            and list_rows.registration_number = registered.registration_number
)

select * from placed
