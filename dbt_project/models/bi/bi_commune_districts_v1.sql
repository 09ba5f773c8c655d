{{ contracted(ref('dim_commune_districts')) }}
