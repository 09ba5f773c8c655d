"""The database: the embedded server, connections, the tables of ours, publishing. Knows SQL and nothing above it."""
