with

chosen as (
    select
        *,
        subject_code as indicator_code
    from {{ ref('int_proposals_chosen') }}
    where topic = 'target'
)

{{ contracted('chosen') }}
