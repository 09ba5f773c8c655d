{# The rows of a list in force for a unit's year: those of the submissions in force, and of rows with
   the same key the one that was received last (a partial correction replaces rows by their key). #}
{% macro current_rows(list_model, sheet_code, key_columns) -%}
    select
        list_rows.*,
        submissions.report_year,
        submissions.reporting_unit_code,
        submissions.unit_uid,
        submissions.received_at,
        submissions.file_name,
        submissions.data_to,
        submissions.is_programme_ground
    from (
        select
            rows_in_force.*,
            row_number() over (
                partition by
                    in_force.report_year, in_force.unit_uid
                    {%- for column in key_columns %}, rows_in_force.{{ column }}{% endfor %}
                order by in_force.submission_order desc, rows_in_force.row_number desc
            ) as row_rank
        from {{ list_model }} as rows_in_force
        inner join {{ ref('int_submissions_ordered') }} as in_force
            on rows_in_force.submission_id = in_force.submission_id and in_force.is_in_force
        -- rows of sheets that are not for this unit are ignored
        where not coalesce('{{ sheet_code }}' = any(in_force.foreign_sheet_codes), false)
    ) as list_rows
    inner join {{ ref('int_submissions_ordered') }} as submissions
        on list_rows.submission_id = submissions.submission_id
    where list_rows.row_rank = 1
{%- endmacro %}

{# Whether a row of a list is the one that counts for the province, of all that report the same thing:
   that of the unit where the registry places it, else the one received first. #}
{% macro counts_for_province(key_column, registered_unit_uid) -%}
    row_number() over (
        partition by list_rows.report_year, list_rows.{{ key_column }}
        order by
            list_rows.is_programme_ground desc,
            ({{ registered_unit_uid }} is not distinct from list_rows.unit_uid) desc,
            list_rows.received_at,
            list_rows.file_name,
            list_rows.submission_id
    ) = 1 and list_rows.is_programme_ground
{%- endmacro %}

{# Rows with whom they count for: the unit that reports them, and the province where they are the ones that count. #}
{% macro for_unit_and_province(rows, counts_for_province='true', counts_for_unit='true') -%}
    select
        {{ rows }}.*,
        {{ rows }}.unit_uid as counted_for
    from {{ rows }}
    where {{ counts_for_unit }}

    union all

    select
        {{ rows }}.*,
        'province' as counted_for
    from {{ rows }}
    where {{ counts_for_province }}
{%- endmacro %}
