{# The value of a switchable decision (decisions.csv), by the name of its parameter. #}
{% macro decision(parameter) -%}
    (select d.value from {{ ref('decisions') }} as d where d.parameter = '{{ parameter }}')
{%- endmacro %}

{# The day on which the plan starts: the first day of its first phase. #}
{% macro plan_start() -%}
    (select min(p.begins_on) from {{ ref('phases') }} as p)
{%- endmacro %}

{# Whether a space separated list (flags, applies_to) holds a word. #}
{% macro holds(words, word) -%}
    coalesce({{ word }} = any(string_to_array({{ words }}, ' ')), false)
{%- endmacro %}

{# Names are compared in NFC, with blanks folded, without regard to case; diacritics tell names apart. #}
{% macro normalised(name) -%}
    lower(regexp_replace(btrim(normalize({{ name }}, nfc)), '\s+', ' ', 'g'))
{%- endmacro %}

{# The day of a deadline, moved to Monday from a weekend when the rule says so. #}
{% macro deadline_day(due_before, moves_to_next_working_day) -%}
    ({{ due_before }} + case
        when {{ moves_to_next_working_day }} = 'yes' and extract(isodow from {{ due_before }}) > 5
            then 8 - extract(isodow from {{ due_before }})::integer
        else 0
    end)
{%- endmacro %}

{# The instant of "before DAY": midnight in Viet Nam of that day, a day later when the day itself still
   counts, moved to Monday from a weekend when the rule says so (plan VI; decision A15). #}
{% macro deadline(due_before, is_inclusive, moves_to_next_working_day) -%}
    {{ midnight(
        deadline_day(due_before, moves_to_next_working_day) ~ " + case when " ~ is_inclusive ~ " = 'yes' then 1 else 0 end"
    ) }}
{%- endmacro %}

{# The instant at which a day begins in Viet Nam. #}
{% macro midnight(day) -%}
    (({{ day }})::timestamp at time zone 'Asia/Ho_Chi_Minh')
{%- endmacro %}

{# A rule's sentence with its placeholders filled in; one that has nothing to say becomes an ellipsis. #}
{% macro rendered(template) -%}
    {%- set words = {'header': 'header', 'cell': 'cell', 'value': 'value', 'expected': 'expected',
                     'other_value': 'expected', 'other_unit': 'other_unit', 'year': 'report_year::text'} -%}
    {%- for _ in words %}replace({% endfor -%}
    coalesce({{ template }}, '')
    {%- for name, column in words.items() %}, {{ "'{" ~ name ~ "}'" }}, coalesce({{ column }}, '…')){% endfor %}
{%- endmacro %}

{# The first phase, and the last year of the plan. #}
{% macro first_phase() -%}
    (select min(p.phase) from {{ ref('phases') }} as p)
{%- endmacro %}

{% macro plan_end_year() -%}
    (select extract(year from max(p.ends_on)) from {{ ref('phases') }} as p)
{%- endmacro %}
