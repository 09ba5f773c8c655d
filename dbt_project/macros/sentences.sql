{# A Vietnamese sentence of a CSV with its placeholders filled in: {'day': 'an SQL text'}. Nothing becomes an ellipsis. #}
{% macro filled(template, words) -%}
    {% for _ in words %}replace({% endfor -%}
    {{ template }}
    {%- for name, text in words.items() %}, {{ "'{" ~ name ~ "}'" }}, coalesce({{ text }}, '…')){% endfor %}
{%- endmacro %}

{# A day as an office writes it. #}
{% macro day_vi(day) -%}
    to_char({{ day }}, 'DD/MM/YYYY')
{%- endmacro %}

{# A number as an office writes it: thousands with dots, at most one decimal, behind a comma. #}
{% macro number_vi(number) -%}
    translate(rtrim(to_char(round({{ number }}, 1), 'FM999,999,999,999,990.9'), '.'), ',.', '.,')
{%- endmacro %}
