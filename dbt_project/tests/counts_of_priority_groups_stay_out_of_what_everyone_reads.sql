-- marts.fct_priority_groups and the figures of C04 hold counts of units. Reports and bi have the province's rounded ones
-- of an edition, in a table of their own: so no table there has the columns of the counts or reads them, and no figure of
-- another table counts persons of priority groups.
-- depends_on: {{ ref('bi_cooperatives') }}
-- depends_on: {{ ref('rpt_reporting_status') }}
with

shown as (
    select
        table_schema,
        table_name,
        column_name as what
    from information_schema.columns
    where
        table_schema in ('reports', 'next_reports', 'bi', 'next_bi')
        and column_name in ('women_supported', 'women_employed')
),

figures as (
    {%- for model in [
        'bi_indicator_values', 'bi_province_figures', 'bi_breakdown_figures', 'bi_unit_figures_as_reported',
        'bi_unit_figures_districts_2023', 'bi_unit_figures_communes_2025', 'bi_last_change'
    ] %}
    select distinct
        'bi' as table_schema,
        '{{ model }}' as table_name,
        measure_code as what
    from {{ ref(model) }}
    where (indicator_code, measure_code) in (
        select
            indicator_code,
            measure_code
        from {{ ref('measure_breakdowns') }}
        where breakdown = 'priority_group'
    )
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

exact as (
    select
        'bi' as table_schema,
        'bi_priority_groups' as table_name,
        concat_ws(' ', report_year, version, measure_code, breakdown_code) as what
    from {{ ref('bi_priority_groups') }}
    where value % 5 <> 0
)

select * from shown
union all
select * from figures
union all
select * from exact
