with

codes as (
    select * from {{ ref('dim_codes') }}
)

select
    code_list::text as code_list,
    code::text as code,
    label_vi::text as label_vi,
    sort_order::integer as sort_order
from codes
