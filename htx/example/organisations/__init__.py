"""The invented organisations of the example and what happened to them, year by year."""
