{{ config(materialized='view') }}

with

contributions as (
    select * from {{ ref('fct_indicator_contributions') }}
),

maps as (
    select * from {{ ref('dim_maps') }}
),

-- the province's figure is made of the same rows on every map; the figure of a place, of those that lie there
on_every_basis as (
    select
        'as_reported' as basis,
        contributions.unit_uid as shown_uid,
        contributions.*
    from contributions

    union all

    select
        maps.basis,
        'province' as shown_uid,
        contributions.*
    from contributions
    cross join maps
    where contributions.unit_uid = 'province' and contributions.indicator_code <> all (maps.absent_indicator_codes)

    union all

    select
        located.basis,
        located.place_uid as shown_uid,
        contributions.*
    from contributions
    cross join lateral jsonb_each_text(contributions.places) as located (basis, place_uid)
)

select
    contribution_id::text as contribution_id,
    indicator_code::text as indicator_code,
    measure_code::text as measure_code,
    breakdown::text as breakdown,
    breakdown_code::text as breakdown_code,
    report_year::integer as report_year,
    shown_uid::text as unit_uid,
    basis::text as basis,
    part::text as part,
    source::text as source,
    submission_id::text as submission_id,
    snapshot_id::text as snapshot_id,
    publication_id::text as publication_id,
    sheet_code::text as sheet_code,
    row_number::integer as row_number,
    field_code::text as field_code,
    cell::text as cell,
    organisation_id::text as organisation_id,
    reporting_unit_uid::text as reporting_unit_uid,
    attributes::jsonb as attributes,
    contribution::numeric as contribution
from on_every_basis
