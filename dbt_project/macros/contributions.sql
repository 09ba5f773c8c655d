{# What rows contribute to figures, by the rules of their list in contribution_rules.csv: one row per row and rule whose
   conditions hold. A rule without a column counts the row as 1. The conditions are column names that must be true, or
   `column=value`, separated by spaces. To be called after the last CTE. #}
{% macro contributions_by_rule(list, rows, columns) -%}
rules as (
    select
        contribution_rules.*,
        {{ required_values('contribution_rules.conditions') }} as required_values
    from {{ ref('contribution_rules') }} as contribution_rules
    where contribution_rules.list = '{{ list }}'
),

contributed as (
    select
        rules.indicator_code,
        rules.measure_code,
        rules.part,
        rules.field_code,
        case when coalesce(rules.column_name, '') = '' then 1 else (to_jsonb({{ rows }}) ->> rules.column_name)::numeric end as contribution,
        {{ rows }}.report_year,
        {{ rows }}.counted_for
        {%- for column in columns %},
        {{ rows }}.{{ column }}
        {%- endfor %}
    from {{ rows }}
    inner join rules on to_jsonb({{ rows }}) @> rules.required_values
)

select * from contributed
where contribution is not null
{%- endmacro %}

{# Of each measure with rows in measure_reporters.csv: the codes and kinds of units whose rows count, and of those whose
   rows do not. #}
{% macro reporters_by_measure() -%}
    select
        indicator_code,
        measure_code,
        array_agg(reporter) filter (where counts = 'yes') as reporters,
        array_agg(reporter) filter (where counts = 'no') as others
    from {{ ref('measure_reporters') }}
    group by indicator_code, measure_code
{%- endmacro %}

{# Whether a unit is, by its code or kind, among the reporters of a measure (reporters_by_measure). #}
{% macro is_reporter(names) -%}
    (
        coalesce(array[{{ names | join(', ') }}] && reporters.reporters, true)
        and not coalesce(array[{{ names | join(', ') }}] && reporters.others, false)
    )
{%- endmacro %}

{# Conditions as the columns that a row as jsonb must contain: `column` that is true, or `column=value`, by spaces. #}
{% macro required_values(conditions) -%}
(
        select
            coalesce(jsonb_object_agg(
                split_part(word, '=', 1),
                case
                    when word not like '%=%' then 'true'::jsonb
                    when word ~ '=(true|false)$' then split_part(word, '=', 2)::jsonb
                    else to_jsonb(split_part(word, '=', 2))
                end
            ), '{}')
        from unnest(string_to_array({{ conditions }}, ' ')) as words (word)
    )
{%- endmacro %}
