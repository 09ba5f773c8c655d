{{ current_rows(ref('stg_submissions__priority_groups'), '09_UU_TIEN', ['priority_group']) }}
