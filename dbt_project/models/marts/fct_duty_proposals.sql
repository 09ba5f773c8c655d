with

chosen as (
    select
        *,
        subject_code as duty_code
    from {{ ref('int_proposals_chosen') }}
    where topic = 'duty'
)

{{ contracted('chosen') }}
