{{ contracted(ref('int_debts_current')) }}
