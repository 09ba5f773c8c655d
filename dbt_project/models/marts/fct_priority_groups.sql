{{ contracted(ref('int_priority_groups_reported')) }}
