{{ figures_named('target_companions', "basis = 'as_reported'") }}
