{{ contracted(ref('int_phase_outlooks_worded')) }}
