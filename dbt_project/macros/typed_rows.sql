{# The rows of a sheet of the form with one typed column per field, in the order of form_fields.csv over all its versions:
   a new field of the form needs no SQL. The seed is read when the model is compiled. #}
{% macro typed_rows(sheet_code) -%}
    {%- set form_fields = ref('form_fields') -%}
    {%- set fields = run_query(
        "select field_code, min(type) as type, min(unit) as unit from " ~ form_fields
        ~ " where sheet_code = '" ~ sheet_code ~ "' and type <> 'dropped' group by field_code order by min(field_order), field_code"
    ) if execute else [] -%}
with

sheet_rows as (
    select * from {{ source('submissions', 'sheet_rows') }}
    where sheet_code = '{{ sheet_code }}'
),

typed as (
    select
        submission_id,
        row_number
        {%- for field in fields %},
        {{ typed_field(field['field_code'], field['type']) }} as {{ field['field_code'] }}
        {{- '_million_vnd' if field['unit'] == 'million VND' }}
        {%- endfor %}
    from sheet_rows
)

select * from typed
{%- endmacro %}

{% macro typed_field(field_code, type) -%}
    {%- set types = {'integer': 'integer', 'date': 'date', 'money': 'numeric', 'number': 'numeric'} -%}
    {%- if type == 'boolean' -%}
        read ->> '{{ field_code }}' = 'C'
    {%- elif type in types -%}
        (read ->> '{{ field_code }}')::{{ types[type] }}
    {%- else -%}
        read ->> '{{ field_code }}'
    {%- endif -%}
{%- endmacro %}
