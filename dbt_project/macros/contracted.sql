{# The columns of the model's contract (its yml), in that order and with those types, from a CTE or a model that has them
   by name. A unit test has no contract: it compares the columns that it expects. #}
{% macro contracted(rows) -%}
select
    {%- for column in model.columns.values() %}
    contracted.{{ column.name }}::{{ column.data_type }} as {{ column.name }}
    {{- ',' if not loop.last }}
    {%- else %}
    *
    {%- endfor %}
from {{ rows }} as contracted
{%- endmacro %}

{# The Vietnamese label of a code in its list (code_lists.csv). #}
{% macro label_of(code_list, code, column='label_vi') -%}
    (
        select codes.{{ column }} from {{ ref('dim_codes') }} as codes
        where codes.code_list = '{{ code_list }}' and codes.code = {{ code }}
    )
{%- endmacro %}
