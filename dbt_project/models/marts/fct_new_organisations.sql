{{ contracted(ref('int_organisations_founded')) }}
