with

actions as (
    select * from {{ ref('fct_support_actions') }}
    where is_programme_ground
),

courses as (
    select * from {{ ref('fct_courses') }}
    where counts_for_province
),

costs as (
    select
        report_year,
        'support_kinds' as activity_list,
        support_kind as activity,
        cost_million_vnd
    from actions

    union all

    select
        report_year,
        'course_kinds' as activity_list,
        course_kind as activity,
        cost_million_vnd
    from courses
),

codes as (
    select * from {{ ref('dim_codes') }}
),

summed as (
    select
        costs.report_year,
        costs.activity_list,
        costs.activity,
        codes.label_vi as activity_name_vi,
        codes.sort_order as activity_order,
        count(*) as activities,
        count(costs.cost_million_vnd) as with_cost,
        sum(costs.cost_million_vnd) as cost_million_vnd
    from costs
    left join codes on costs.activity_list = codes.code_list and costs.activity = codes.code
    group by costs.report_year, costs.activity_list, costs.activity, codes.label_vi, codes.sort_order
)

{{ contracted('summed') }}
