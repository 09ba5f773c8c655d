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
