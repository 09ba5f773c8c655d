"""Rules on what units send."""
