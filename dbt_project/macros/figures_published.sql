{# Totals of figures as BI shows them: with the labels, the order and the meaning of bi_definitions, the last day of the
   year, and the figure rounded as an office writes it. `figures`: a CTE with columns of rpt_figures. #}
{% macro figures_published(figures) -%}
    select
        figures.*,
        definitions.indicator_name_en,
        definitions.measure_name_en,
        definitions.sort_order,
        figures.unit_of_measure_vi as unit_vi,
        figures.value_status_name_vi as value_status_vi,
        {{ year_end('figures.report_year') }} as year_end_on,
        {{ is_latest_year('figures.report_year') }} as is_latest_year,
        coalesce(
            {{ number_vi('figures.value') }},
            case when figures.value_status not in ('reported', 'estimated') then figures.value_status_name_vi end
        ) as value_display
    from {{ figures }} as figures
    inner join {{ ref('bi_definitions') }} as definitions using (indicator_code, measure_code)
{%- endmacro %}

{# The figures of the units of one map, and of nobody else: their sum is the province's wherever sums mean something. What
   lies in no unit of the map has a row of its own, and so have the agencies. #}
{% macro unit_figures(basis) -%}
with

of_units as (
    select * from {{ ref('rpt_figures') }}
    where basis = '{{ basis }}' and breakdown = 'total' and unit_uid <> 'province'
),

published as (
    {{ figures_published('of_units') }}
),

units as (
    select * from {{ ref('bi_units') }}
),

joined as (
    select
        published.*,
        units.reporting_unit_code as unit_code,
        units.unit_kind_vi,
        units.parent_code,
        units.province_code,
        units.tile_x,
        units.tile_y
    from published
    inner join units on published.unit_uid = units.unit_uid
)

{{ contracted('joined') }}
{%- endmacro %}

{# The day that stands for a report year on a time axis. #}
{% macro year_end(report_year) -%}
    make_date({{ report_year }}, 12, 31)
{%- endmacro %}

{# Whether it is the year that a dashboard shows at first: the last one of which units have reported half of the figures
   that they owe, so that the first files of a new year do not empty it. #}
{% macro is_latest_year(report_year) -%}
    {{ report_year }} = (
            select coalesce(max(of_year.report_year), 0)
            from (
                select provincial.report_year
                from {{ ref('rpt_figures') }} as provincial
                where provincial.unit_uid = 'province' and provincial.basis = 'as_reported' and provincial.breakdown = 'total'
                group by provincial.report_year
                having sum(provincial.units_reported) > 0
                    and 2 * sum(provincial.units_reported) >= sum(provincial.units_expected)
            ) as of_year
        )
{%- endmacro %}
