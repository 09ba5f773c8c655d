-- Rule Y06 compares figures of a year with those of the year before: a stock, or a column that the form does not have,
-- would be asked about for what it is, or never.
select
    thresholds.sheet_code,
    thresholds.field_code
from {{ ref('running_totals') }} as thresholds
left join {{ ref('form_fields') }} as fields
    on
        thresholds.sheet_code = fields.sheet_code
        and thresholds.field_code = fields.field_code
        and fields.measure = 'flow'
        and fields.type in ('integer', 'money', 'number')
where fields.field_code is null
