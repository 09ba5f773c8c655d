{{ current_rows(ref('stg_submissions__union_officers'), '05_CAN_BO_HOI', ['union_level']) }}
