with

sheet_rows as (
    select * from {{ ref('stg_submissions__sheet_rows') }}
),

organisations as (
    select
        report_year,
        sheet_code,
        organisation_id,
        submission_id,
        row_number,
        counts_for_province
    from {{ ref('int_organisations_reported') }}
    where is_programme_ground
),

-- officers are compared within one unit: each level of the Union counts as one thing
officers as (
    select
        report_year,
        '05_CAN_BO_HOI' as sheet_code,
        unit_uid || ' ' || union_level as organisation_id,
        submission_id,
        row_number,
        true as counts_for_province
    from {{ ref('int_union_officers_reported') }}
    where is_programme_ground
),

form_fields as (
    select distinct on (sheet_code, field_code)
        sheet_code,
        field_code,
        unit,
        measure
    from {{ ref('form_fields') }}
    where type in ('integer', 'money', 'number')
    order by sheet_code, field_code, form_version desc
),

things as (
    select * from organisations
    union all
    select * from officers
),

row_values as (
    select
        things.report_year,
        things.sheet_code,
        things.organisation_id,
        things.submission_id,
        things.row_number,
        things.counts_for_province,
        form_fields.field_code,
        form_fields.unit,
        form_fields.measure,
        (sheet_rows.read_values ->> form_fields.field_code)::numeric as value
    from things
    inner join sheet_rows
        on
            things.submission_id = sheet_rows.submission_id
            and things.sheet_code = sheet_rows.sheet_code
            and things.row_number = sheet_rows.row_number
    inner join form_fields on things.sheet_code = form_fields.sheet_code
    where sheet_rows.read_values ? form_fields.field_code
)

select
    row_values.*,
    last_year.value as last_value
from row_values
inner join row_values as last_year
    on
        row_values.sheet_code = last_year.sheet_code
        and row_values.organisation_id = last_year.organisation_id
        and row_values.field_code = last_year.field_code
        and row_values.report_year - 1 = last_year.report_year
        -- last year's figure of an organisation is one, however many units reported it
        and last_year.counts_for_province
