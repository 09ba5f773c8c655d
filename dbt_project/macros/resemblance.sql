{# A name without diacritics and without the words for its kind: for searching what to suggest, never for matching. #}
{% macro searched_name(name) -%}
    regexp_replace(
            replace(regexp_replace(normalize({{ normalised(name) }}, nfd), '[\u0300-\u036f]', '', 'g'), 'đ', 'd'),
            '^(htx|hop tac xa|tht|to hop tac) ', ''
        )
{%- endmacro %}

{# How far a name that was sent resembles a known one, both as searched: 2 the same, 1 a part of it of two words or more,
   else the share of the runs of three letters that the two have in common. #}
{% macro resemblance(sent, known) -%}
    case
            when {{ sent }} = {{ known }} then 2
            when {{ sent }} like '% %' and position(' ' || {{ sent }} || ' ' in ' ' || {{ known }} || ' ') > 0 then 1
            else (
                select 2.0 * count(*) filter (where runs.names = 2) / nullif(sum(runs.names), 0)
                from (
                    select count(distinct texts.place) as names
                    from (values (1, {{ sent }}), (2, {{ known }})) as texts (place, letters)
                    cross join generate_series(1, length(texts.letters)) as starts (letter)
                    group by substr(' ' || texts.letters || ' ', starts.letter, 3)
                ) as runs
            )
        end
{%- endmacro %}
