"""What `bi` shows as files that describe themselves, for readers without a database."""
