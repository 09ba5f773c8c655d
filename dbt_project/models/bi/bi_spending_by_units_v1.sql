with

of_province as (
    select * from {{ ref('rpt_spending_by_units') }}
    where unit_uid = 'province' and breakdown = 'total'
)

{{ contracted('of_province') }}
