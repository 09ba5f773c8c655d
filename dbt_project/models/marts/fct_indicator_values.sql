with

bounded as (
    select * from {{ ref('int_values_bounded') }}
),

-- the province is the same on every map
unioned as (
    select
        bounded.*,
        bounded.basis as shown_on
    from bounded

    union all

    select
        bounded.*,
        maps.basis as shown_on
    from bounded
    cross join {{ ref('dim_maps') }} as maps
    where bounded.unit_uid = 'province' and bounded.indicator_code <> all(maps.absent_indicator_codes)
),

renamed as (
    select
        indicator_code,
        measure_code,
        breakdown,
        breakdown_code,
        report_year,
        unit_uid,
        shown_on as basis,
        numerator,
        denominator,
        value,
        value_low,
        value_high,
        bound_kind,
        value_status,
        units_expected,
        units_reported
    from unioned
)

{{ contracted('renamed') }}
