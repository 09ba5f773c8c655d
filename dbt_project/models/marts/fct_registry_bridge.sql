with

comparisons as (
    select * from {{ ref('int_registry_snapshots_paired') }}
),

explained as (
    select * from {{ ref('int_registry_bridge_terms_classified') }}
),

terms as (
    select
        code as term,
        sort_order as term_order,
        case flags when 'adds' then 1 when 'subtracts' then -1 else 0 end as sign
    from {{ ref('code_lists') }}
    where code_list = 'registry_bridge_terms'
),

units as (
    select
        report_year,
        unit_uid
    from {{ ref('int_units_rostered') }}
    where is_territorial

    union all

    select
        comparisons.report_year,
        places.code as unit_uid
    from comparisons
    cross join {{ ref('code_lists') }} as places
    where places.code_list = 'places'
),

-- inside the province a move is neither a loss nor a gain
counted as (
    select * from explained
    union all
    select
        report_year,
        registration_number,
        term,
        'province' as unit_uid
    from explained
    where term not in ('moved_away', 'moved_in')
),

summed as (
    select
        report_year,
        unit_uid,
        term,
        count(*) as cooperatives,
        array_agg(registration_number order by registration_number) as registration_numbers
    from counted
    group by report_year, unit_uid, term
),

joined as (
    select
        comparisons.*,
        units.unit_uid,
        terms.term,
        terms.term_order,
        -- without an earlier snapshot the changes are unknown
        case
            when comparisons.last_snapshot_id is not null or terms.term = 'this_year' then coalesce(summed.cooperatives, 0)
        end as cooperatives,
        case when comparisons.last_snapshot_id is not null then terms.sign * coalesce(summed.cooperatives, 0) end as effect,
        coalesce(summed.registration_numbers, array[]::text[]) as registration_numbers,
        comparisons.last_in_office_on as last_counted_on,
        comparisons.in_office_on as counted_on
    from comparisons
    inner join units on comparisons.report_year = units.report_year
    cross join terms
    left join summed
        on comparisons.report_year = summed.report_year and units.unit_uid = summed.unit_uid and terms.term = summed.term
)

{{ contracted('joined') }}
