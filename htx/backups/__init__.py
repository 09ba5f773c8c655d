"""Backups of the warehouse: made, kept, checked, restored."""
