with

code_lists as (
    select * from {{ ref('code_lists') }}
)

select
    code_list::text as code_list,
    code::text as code,
    label_vi::text as label_vi,
    label_en::text as label_en,
    flags::text as flags,
    sort_order::integer as sort_order
from code_lists
