-- Guards the switches of decisions.csv: a value that is not among the options would count as the usual reading.
select
    decision_code,
    parameter,
    value,
    options
from {{ ref('decisions') }}
where
    (options like '% | %' and coalesce(value, '') <> all (string_to_array(options, ' | ')))
    or (parameter = 'honours_first_window' and coalesce(value, '') !~ '^[0-9]{4}-[0-9]{4}$')
    or (parameter = 'percent_decimals_shown' and coalesce(value, '') !~ '^[0-9]$')
