{# The option of a switchable decision (decisions.csv) that holds for a report year, by the name of its parameter. #}
{% macro decision(parameter, report_year) -%}
    (
        select d.value from {{ ref('decisions') }} as d where d.parameter = '{{ parameter }}' and d.valid_from_year <= {{ report_year }}
        order by d.valid_from_year desc limit 1
    )
{%- endmacro %}

{# The day on which the plan starts: the first day of its first phase. #}
{% macro plan_start() -%}
    (select min(p.begins_on) from {{ ref('phases') }} as p)
{%- endmacro %}

{# Whether a space separated list (flags, applies_to) holds a word. #}
{% macro holds(words, word) -%}
    coalesce({{ word }} = any(string_to_array({{ words }}, ' ')), false)
{%- endmacro %}

{# Names are compared in NFC, with blanks folded, without regard to case; diacritics distinguish names. #}
{% macro normalised(name) -%}
    raw.normalised_name({{ name }})
{%- endmacro %}

{# The name of a cooperative without the words for its kind. #}
{% macro short_name(name) -%}
    regexp_replace({{ normalised(name) }}, '^(htx|hợp tác xã) ', '')
{%- endmacro %}

{# Rules that Python applies too are functions of the schema raw (warehouse/migrations/repeatable/functions.sql). #}

{# The accepted of these files in the order in which they count (function raw.order_submissions). #}
{% macro order_submissions(files) -%}
    raw.order_submissions(array(select row({{ files }}.*)::raw.received_files from {{ files }}))
{%- endmacro %}

{# The last two arguments of rules on working days: days off, and weekend days that are worked (non_working_days.csv). #}
{% macro working_days() -%}
    {%- for is_working in ['no', 'yes'] -%}
    array(select n.day from {{ ref('non_working_days') }} as n where n.is_working = '{{ is_working }}')
    {{- ', ' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{# The day of a deadline, moved to a working day where the cycle has that rule. #}
{% macro deadline_day(due_before, is_inclusive, moves_to_next_working_day) -%}
    raw.deadline_day({{ due_before }}, {{ is_inclusive }} = 'yes', {{ moves_to_next_working_day }} = 'yes', {{ working_days() }})
{%- endmacro %}

{# The instant before which something is on time. #}
{% macro deadline(due_before, is_inclusive, moves_to_next_working_day) -%}
    raw.deadline({{ due_before }}, {{ is_inclusive }} = 'yes', {{ moves_to_next_working_day }} = 'yes', {{ working_days() }})
{%- endmacro %}

{# The instant at which a day begins in Viet Nam. #}
{% macro midnight(day) -%}
    raw.midnight({{ day }})
{%- endmacro %}

{# A rule's sentence with its placeholders filled in; one without a value becomes an ellipsis. #}
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
