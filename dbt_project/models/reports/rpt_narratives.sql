{{ narratives_named('fct_narratives') }}
