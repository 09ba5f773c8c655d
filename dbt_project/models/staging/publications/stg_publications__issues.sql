with

-- of several records of one state the last counts; the day is the office's, and late or not is decided by days
states as (
    select distinct on (publication_id, recipient)
        publication_id,
        recipient,
        raw.midnight(happened_on) as issued_at
    from {{ source('publications', 'publication_states') }}
    where state = 'issued'
    order by publication_id, recipient, position desc
),

-- reports sent before there were such days, or outside this system; a copy that was mailed issues nothing
recorded as (
    select
        publication_id,
        recipient,
        least(sent_at, recorded_at) as issued_at
    from {{ source('publications', 'publication_sendings') }}
    where not is_copy
)

select * from states
union all
select recorded.*
from recorded
left join states
    on
        recorded.publication_id = states.publication_id
        and recorded.recipient = states.recipient
where states.publication_id is null
