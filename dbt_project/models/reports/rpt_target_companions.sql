{{ figures_apart('target_companions') }}
