{{ contracted(ref('int_duties_reported')) }}
