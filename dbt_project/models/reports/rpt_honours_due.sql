with

honours as (
    select * from {{ ref('fct_honours_due') }}
),

joined as (
    select
        honours.*,
        {{ label_of('agencies', 'honours.reporting_unit_code') }} as unit_name_vi,
        {{ label_of('duties', 'honours.duty_code') }} as duty_name_vi
    from honours
)

{{ contracted('joined') }}
