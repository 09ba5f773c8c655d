{# The id of a finding that builds compute: a function of unit, year, rule, sheet, key of the row, field and value, so
   that a file sent again gets the same id, and its answer still counts. Findings about no row differ by what was
   expected; those about the kind of submission (F09) by file; of several fields the first counts. #}
{% macro history_finding_id(findings, files, sheet_rows=none) -%}
    'F-' || upper(left(encode(sha256(convert_to(
        concat_ws(
            '|',
            {{ files }}.reporting_unit_code,
            {{ files }}.report_year::text,
            {{ findings }}.rule_code,
            {{ findings }}.sheet_code,
            {% if sheet_rows %}coalesce({{ sheet_rows }}.row_key, '#' || {{ findings }}.row_number, ''){% else %}''{% endif %},
            split_part({{ findings }}.field_code, ' ', 1),
            coalesce(
                case when {{ findings }}.field_code like '% %' then split_part({{ findings }}.value, '; ', 1)
                else {{ findings }}.value end,
                ''
            ),
            case when {{ findings }}.row_number is null then {{ findings }}.expected end,
            case when {{ findings }}.rule_code in ('F09', 'E01') then {{ findings }}.submission_id end,
            case when {{ findings }}.rule_code = 'E01' then {{ findings }}.row_number::text end
        ),
        'UTF8'
    )), 'hex'), 12))
{%- endmacro %}
