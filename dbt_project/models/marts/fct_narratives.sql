{{ contracted(ref('int_narratives_reported')) }}
