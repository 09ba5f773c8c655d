{{ current_rows(ref('stg_submissions__funding'), '07_KINH_PHI', ['funding_source']) }}
