{{ figures_named('spending_by_units', "basis = 'as_reported'") }}
