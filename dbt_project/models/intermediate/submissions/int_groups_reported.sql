with

list_rows as (
    {{ current_rows(ref('int_groups_identified'), '02_THT', ['group_code']) }}
),

registered as (
    select * from {{ ref('int_registry_organisations_placed') }}
),

statuses as (
    select * from {{ ref('code_lists') }}
    where code_list = 'group_statuses'
)

select
    list_rows.*,
    {{ holds('statuses.flags', "'operating'") }} as is_operating,
    list_rows.became_cooperative is not null
    or {{ holds('statuses.flags', "'counts_in_T02'") }} as has_become_cooperative,
    {{ counts_for_province('group_code', 'registered.unit_uid') }} as counts_for_province
from list_rows
left join statuses on list_rows.status = statuses.code
left join registered
    on list_rows.report_year = registered.report_year and list_rows.group_code = registered.registration_number
