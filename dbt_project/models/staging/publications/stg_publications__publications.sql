select
    publication_id,
    kind,
    report_year,
    phase,
    recipient,
    least(published_at, recorded_at) as published_at,
    version,
    supersedes
from {{ source('publications', 'publications') }}
