{# What a cooperative's figures can be broken down by (measure_breakdowns.csv); blank stays null. #}
{% macro cooperative_attributes() -%}
    jsonb_build_object(
            'sector', sector,
            'classification', classification,
            'union_founded', case when union_supported_founding then 'C' else 'K' end,
            'majority_female', case when is_majority_female then 'C' else 'K' end,
            'ocop_stars', ocop_stars
        )
{%- endmacro %}

{# What the statuses of several units make of the figure that they have together: nil where all say so, and what those
   gave who gave it where others are still missing. #}
{% macro status_of_many(status) -%}
    case
            when bool_or({{ status }} = 'estimated') then 'estimated'
            when bool_or({{ status }} = 'reported') then 'reported'
            when bool_or({{ status }} = 'nil') and bool_or({{ status }} = 'not_reported') then 'reported'
            when bool_or({{ status }} = 'nil') then 'nil'
            when bool_or({{ status }} = 'not_reported') then 'not_reported'
            else 'not_applicable'
        end
{%- endmacro %}

{# A yes or no as the form writes it. #}
{% macro yes_no(condition) -%}
    case when {{ condition }} then 'C' when not ({{ condition }}) then 'K' end
{%- endmacro %}
