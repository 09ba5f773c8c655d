"""Promotion of validated tables to the public schemas, and rollback (write-audit-publish)."""
