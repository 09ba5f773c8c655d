select
    publication_id,
    position,
    indicator_code,
    measure_code,
    breakdown,
    breakdown_code,
    report_year,
    unit_uid,
    basis,
    column_name as changed_column,
    old_value,
    new_value,
    reason,
    submission_id
from {{ source('publications', 'publication_changes') }}
-- an indicator, a unit or a table that came or went is no change of a figure
where change = 'changed' and indicator_code is not null
