with

rules as (
    select
        candidate_for,
        organisation_kind,
        {{ required_values('conditions') }} as required_values,
        minimum_column,
        minimum
    from {{ ref('candidate_rules') }}
)

{{ contracted('rules') }}
