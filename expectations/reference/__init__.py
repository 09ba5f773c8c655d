"""Checks on the reference data of the plan (htx lint)."""
