with

-- what everybody may see is decided once, for the documents and for BI
figures as (
    select * from {{ ref('rpt_figures') }}
)

{{ contracted('figures') }}
