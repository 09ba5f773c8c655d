with

of_province as (
    select * from {{ ref('rpt_target_companions') }}
    where unit_uid = 'province' and breakdown = 'total'
)

{{ contracted('of_province') }}
