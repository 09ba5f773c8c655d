{# A verdict in Vietnamese, with where the figure stands before its year: Đang thực hiện (hiện vượt mức mục tiêu). #}
{% macro verdict_vi(row) -%}
    {{ label_of('verdicts', row ~ '.verdict') }}
        || coalesce(' (' || {{ label_of('target_standings', row ~ '.standing') }} || ')', '')
{%- endmacro %}
