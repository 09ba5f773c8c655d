"""The database: the embedded server, connections, the tables of ours, builds, publishing, roles.

Knows SQL and nothing above it.
"""
