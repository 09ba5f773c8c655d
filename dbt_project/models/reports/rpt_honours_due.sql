with

honours as (
    select * from {{ ref('fct_honours_due') }}
),

codes as (
    select * from {{ ref('dim_codes') }}
),

joined as (
    select
        honours.*,
        agencies.label_vi as unit_name_vi,
        codes.label_vi as duty_name_vi
    from honours
    left join codes on codes.code_list = 'duties' and honours.duty_code = codes.code
    left join codes as agencies on agencies.code_list = 'agencies' and honours.reporting_unit_code = agencies.code
)

{{ contracted('joined') }}
