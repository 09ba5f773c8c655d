with

of_province as (
    select * from {{ ref('rpt_spending_by_units') }}
    where breakdown = 'total' and unit_uid = 'province'
),

published as (
    {{ figures_published('of_province') }}
)

{{ contracted('published') }}
