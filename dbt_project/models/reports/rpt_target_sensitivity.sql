{{ contracted(ref('fct_target_sensitivity')) }}
