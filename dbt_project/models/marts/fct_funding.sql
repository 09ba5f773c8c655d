{{ contracted(ref('int_funding_reported')) }}
