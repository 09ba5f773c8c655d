{{ narratives_named('fct_phase_narratives') }}
