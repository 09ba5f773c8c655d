{{ figures_named('figures') }}
