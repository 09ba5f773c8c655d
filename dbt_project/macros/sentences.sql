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

{# A number as an office writes it, with at most one decimal: the SQL twin of warehouse/reference/numbers_vi.py. #}
{% macro number_vi(number) -%}
    translate(rtrim(to_char(round({{ number }}, 1), 'FM999,999,999,999,990.9'), '.'), ',.-', '.,−')
{%- endmacro %}

{# A text of a cell as an office writes it: a day as day/month/year, a figure with points and a comma, a code by its
   label; several, with a semicolon between. #}
{% macro as_written(text, type, label) -%}
    coalesce({{ label }}, (
        select string_agg(
            case
                when parts.part ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then to_char(parts.part::date, 'DD/MM/YYYY')
                when {{ type }} in ('integer', 'number', 'money') and parts.part ~ '^-?[0-9]+([.][0-9]+)?$'
                    then {{ number_vi('parts.part::numeric') }}
                else parts.part
            end,
            '; ' order by parts.place
        )
        from string_to_table({{ text }}, '; ') with ordinality as parts (part, place)
    ))
{%- endmacro %}

{# A number of things as an office writes it: 01 to 09 below ten, the SQL twin of counted_vi. #}
{% macro counted_vi(number) -%}
    case when {{ number }} in (1, 2, 3, 4, 5, 6, 7, 8, 9) then '0' else '' end || {{ number_vi(number) }}
{%- endmacro %}

{# The code of the word that a sentence has for a unit of measure, and for a difference in it. #}
{% macro unit_in_words(unit) -%}
    case when {{ unit }} = '0/1' then 'time' else {{ unit }} end
{%- endmacro %}

{% macro step_in_words(unit) -%}
    case {{ unit }} when '0/1' then 'time' when 'percent' then 'percentage point' else {{ unit }} end
{%- endmacro %}
