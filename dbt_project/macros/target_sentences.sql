{# A value as a target would be set: rounded down, from a hundred on to tens. #}
{% macro set_target(value) -%}
    case when {{ value }} >= 100 then 10 * floor({{ value }} / 10) else floor({{ value }}) end
{%- endmacro %}

{# A sentence on a target and the way to it, from the columns of a row of fct_phase_outlook. #}
{% macro target_sentence(template, row, unit, step, words={}) -%}
    {%- set numbers = {'value': 'value', 'target': 'next_target', 'remaining': 'remaining', 'pace_needed': 'pace_needed',
                       'pace_so_far': 'pace_so_far', 'proposed': 'expected_target'} -%}
    {%- set found = dict(words) -%}
    {%- for name, column in numbers.items() %}{% set _ = found.update({name: number_vi(row ~ '.' ~ column)}) %}{% endfor -%}
    {%- for name in ['value', 'target', 'remaining', 'proposed'] -%}
        {%- set number = row ~ '.' ~ numbers[name] -%}
        {%- set _ = found.update({name: 'case when ' ~ unit ~ " = '%' then " ~ number_vi(number) ~ ' else ' ~ counted_vi(number) ~ ' end'}) -%}
    {%- endfor -%}
    {%- set _ = found.update({
        'expected': number_vi('case when ' ~ unit ~ " = '%' then " ~ row ~ '.expected_value else floor(' ~ row ~ '.expected_value) end'),
    }) -%}
    {%- set _ = found.update({
        'unit': unit, 'step': step, 'years_left': row ~ '.years_left::text', 'withheld': row ~ '.pace_withheld_vi',
    }) -%}
    {%- if 'year' not in found %}{% set _ = found.update({'year': row ~ '.next_target_year::text'}) %}{% endif -%}
    replace({{ filled(template, found) }}, ' %', '%')
{%- endmacro %}

{# The sentence of target_limits.csv. #}
{% macro limit_sentence(row) -%}
    {{ filled(row ~ '.limit_vi', {
        'limit': number_vi('floor(' ~ row ~ '.limit_value)'),
        'baseline': number_vi(row ~ '.limit_baseline'),
        'added': counted_vi(row ~ '.limit_added'),
        'actual': number_vi(row ~ '.limit_actual'),
        'each': number_vi(row ~ '.limit_each'),
        'per_target': counted_vi(row ~ '.limit_per_target'),
        'year': row ~ '.horizon::text',
        'report_year': row ~ '.report_year::text',
        'target': number_vi(row ~ '.next_target'),
        'room': number_vi(row ~ '.limit_value - ' ~ row ~ '.next_target'),
        'beyond': number_vi('greatest(' ~ row ~ '.next_target - ' ~ row ~ '.limit_value, 0)'),
    }) }}
{%- endmacro %}

{# A figure with its unit of measure; a percentage behind what it is made of: 22 HTX, 56/60 (93,3%). #}
{% macro result_vi(figures, unit) -%}
    case
        when {{ figures }}.denominator is null then {{ counted_vi(figures ~ '.value') }} || ' ' || {{ unit }}
        else {{ number_vi(figures ~ '.numerator') }} || '/' || {{ number_vi(figures ~ '.denominator') }} || ' ('
            || replace(to_char(round({{ figures }}.value, 1), 'FM990.0'), '.', ',') || '%)'
    end
{%- endmacro %}

{# The next target as the plan has it: 40, 100, ít nhất 50; the unit follows. #}
{% macro goal_vi(row, unit) -%}
    case
        when {{ unit }} <> '%' then {{ counted_vi(row ~ '.next_target') }}
        when {{ row }}.next_target = 100 then {{ number_vi(row ~ '.next_target') }}
        else lower({{ label_of('comparators', row ~ '.comparator') }}) || ' ' || {{ number_vi(row ~ '.next_target') }}
    end
{%- endmacro %}
