{{ figures_apart('spending_by_units') }}
