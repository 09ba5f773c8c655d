{{ current_rows(ref('stg_submissions__debts'), '06_NO', ['registration_number', 'debt_kind']) }}
