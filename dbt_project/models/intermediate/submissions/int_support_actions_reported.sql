{{ current_rows(
    ref('stg_submissions__support_actions'), '03_HO_TRO',
    ['organisation_code', 'support_kind', 'started_on']
) }}
