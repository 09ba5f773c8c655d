{# In bi a table is called what it holds, without the room: bi.indicator_values. The latest version has the bare name;
   one before it keeps its number, for readers who need time: bi.indicator_values_v1. #}
{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
    {%- set name = custom_alias_name or node.name -%}
    {%- if node.fqn | length > 1 and node.fqn[1] == 'bi' -%}
        {{ name[3:] if name.startswith('bi_') else name }}
        {%- if node.version and node.version != node.latest_version %}_v{{ node.version }}{% endif -%}
    {%- elif node.version -%}
        {{ name }}_v{{ node.version }}
    {%- else -%}
        {{ name }}
    {%- endif -%}
{%- endmacro %}
