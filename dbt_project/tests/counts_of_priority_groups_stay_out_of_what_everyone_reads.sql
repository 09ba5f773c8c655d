-- Guards the plan's most vulnerable: marts.fct_priority_groups holds counts as they were sent, and neither reports nor bi
-- may show them before cells of a few persons are suppressed. A suppressed table must name its columns otherwise, and
-- no view there may read the table itself.
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
)

select * from shown
union all
select * from read_by_views
