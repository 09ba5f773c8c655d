{{ contracted(ref('int_union_officers_reported')) }}
