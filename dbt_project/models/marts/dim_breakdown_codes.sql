with

breakdowns as (
    select * from {{ ref('breakdowns') }}
),

codes as (
    select * from {{ ref('code_lists') }}
),

-- a code of the dimension's own list, or one that any dimension may have
joined as (
    select
        breakdowns.breakdown,
        breakdowns.name_vi as breakdown_name_vi,
        breakdowns.name_en as breakdown_name_en,
        codes.code as breakdown_code,
        codes.label_vi as breakdown_code_name_vi,
        codes.label_en as breakdown_code_name_en,
        codes.sort_order
    from breakdowns
    inner join codes
        on breakdowns.code_list = codes.code_list
        or (codes.code_list = 'any_breakdown' and (breakdowns.breakdown = 'total') = (codes.code = 'total'))
)

{{ contracted('joined') }}
