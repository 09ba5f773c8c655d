{{ contracted(ref('int_narratives_current')) }}
