{{ contracted(ref('dim_decisions')) }}
