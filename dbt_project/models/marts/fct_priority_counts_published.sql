with

counts as (
    select * from {{ ref('stg_publications__priority_counts') }}
),

publications as (
    select * from {{ ref('stg_publications__publications') }}
),

joined as (
    select
        counts.*,
        publications.version,
        publications.published_at,
        string_to_array(publications.version, '.')::integer[]
        = max(string_to_array(publications.version, '.')::integer[]) over (partition by counts.report_year)
            as is_latest
    from counts
    inner join publications on counts.publication_id = publications.publication_id
)

{{ contracted('joined') }}
