{{ current_rows(ref('stg_submissions__duties'), '08_HOAT_DONG', ['duty_code']) }}
