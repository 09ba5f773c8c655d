select
    publication_id,
    indicator_code,
    measure_code,
    breakdown,
    breakdown_code,
    report_year,
    unit_uid,
    basis,
    numerator
from {{ source('publications', 'publication_figures') }}
