select
    publication_id,
    recipient,
    -- nothing was sent after it was recorded as sent
    least(sent_at, recorded_at) as sent_at
from {{ source('publications', 'publication_sendings') }}
