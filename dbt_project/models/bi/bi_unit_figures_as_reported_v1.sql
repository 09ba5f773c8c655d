{{ unit_figures('as_reported') }}
