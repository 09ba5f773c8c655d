{{ contracted(ref('int_debts_reported')) }}
