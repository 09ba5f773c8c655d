with

contributions as not materialized (
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
    where contributions.unit_uid = 'province' and contributions.indicator_code <> all(maps.absent_indicator_codes)

    union all

    select
        located.basis,
        located.place_uid as shown_uid,
        contributions.*
    from contributions
    cross join lateral jsonb_each_text(contributions.places) as located (basis, place_uid)
),

renamed as (
    select
        contribution_id,
        indicator_code,
        measure_code,
        breakdown,
        breakdown_code,
        report_year,
        shown_uid as unit_uid,
        basis,
        part,
        source,
        submission_id,
        snapshot_id,
        publication_id,
        sheet_code,
        row_number,
        field_code,
        cell,
        organisation_id,
        reporting_unit_uid,
        attributes,
        contribution
    from on_every_basis
)

{{ contracted('renamed') }}
