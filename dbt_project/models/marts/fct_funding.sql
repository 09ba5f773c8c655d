{{ contracted(ref('int_funding_current')) }}
