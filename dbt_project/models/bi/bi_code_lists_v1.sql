{{ contracted(ref('dim_codes')) }}
