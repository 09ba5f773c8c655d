select
    publication_id,
    recipient,
    sent_at
from {{ source('publications', 'publication_sendings') }}
