-- Disclosure control: marts.fct_priority_groups holds counts as they were sent, and neither reports nor bi may show them
-- before small counts are suppressed. So a suppressed table has other column names, no view there reads the table itself,
-- and the figures of bi on priority groups exist on the basis as_reported alone and are never small.
-- depends_on: {{ ref('bi_indicator_values') }}
-- depends_on: {{ ref('bi_cooperatives') }}
-- depends_on: {{ ref('rpt_annual_targets') }}
-- depends_on: {{ ref('rpt_phase_review') }}
-- depends_on: {{ ref('rpt_baseline') }}
-- depends_on: {{ ref('rpt_reporting_status') }}
with

counts as (
    select column_name
    from information_schema.columns
    where
        table_schema = '{{ ref('fct_priority_groups').schema }}'
        and table_name = '{{ ref('fct_priority_groups').identifier }}'
        and column_name like 'women\_%'
),

shown as (
    select
        table_schema,
        table_name,
        column_name as what
    from information_schema.columns
    where
        table_schema in ('reports', 'next_reports', 'bi', 'next_bi')
        and column_name in (select counts.column_name from counts)
),

read_by_views as (
    select
        view_schema as table_schema,
        view_name as table_name,
        table_name as what
    from information_schema.view_table_usage
    where
        view_schema in ('reports', 'next_reports', 'bi', 'next_bi')
        and table_name = '{{ ref('fct_priority_groups').identifier }}'
),

few as (
    select
        '{{ ref('bi_indicator_values').schema }}' as table_schema,
        '{{ ref('bi_indicator_values').identifier }}' as table_name,
        concat_ws(' ', figures.measure_code, figures.report_year, figures.unit_uid, figures.breakdown_code) as what
    from {{ ref('bi_indicator_values') }} as figures
    inner join {{ ref('dim_measures') }} as measures
        on figures.indicator_code = measures.indicator_code and figures.measure_code = measures.measure_code
    left join {{ ref('report_cycles') }} as cycles on figures.report_year = cycles.report_year
    where
        measures.counts_priority_groups
        and (
            figures.basis <> 'as_reported'
            or (
                greatest(figures.numerator, figures.value, figures.value_low, figures.value_high) > 0
                and greatest(figures.numerator, figures.value, figures.value_low, figures.value_high)
                < coalesce(cycles.small_cell_threshold, 'infinity'::numeric)
            )
        )
)

select * from shown
union all
select * from read_by_views
union all
select * from few
