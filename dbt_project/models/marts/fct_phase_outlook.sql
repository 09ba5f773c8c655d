{{ contracted(ref('int_phases_projected')) }}
