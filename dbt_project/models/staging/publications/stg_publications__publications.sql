select
    publication_id,
    kind,
    report_year,
    phase,
    recipient,
    least(published_at, recorded_at) as published_at,
    cardinality(missing_units) > 0 as lacks_units
from {{ source('publications', 'publications') }}
