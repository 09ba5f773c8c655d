{{ contracted(ref('int_duties_current')) }}
