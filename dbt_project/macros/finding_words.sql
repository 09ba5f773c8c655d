{# What a finding compares with, in Vietnamese: a row of the list finding_words. #}
{% macro finding_words(code) -%}
    (select label_vi from {{ ref('code_lists') }} where code_list = 'finding_words' and code = '{{ code }}')
{%- endmacro %}
