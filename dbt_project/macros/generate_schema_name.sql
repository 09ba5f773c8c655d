{# Schemas carry their own names in every environment: a test has a database of its own instead. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
