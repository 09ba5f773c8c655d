select
    publication_id,
    kind,
    report_year,
    phase,
    recipient,
    published_at,
    cardinality(missing_units) > 0 as lacks_units
from {{ source('publications', 'publications') }}
