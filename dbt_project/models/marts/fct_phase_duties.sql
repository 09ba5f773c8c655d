{{ contracted(ref('int_phase_duties_counted')) }}
