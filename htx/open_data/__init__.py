"""What `bi` shows as files that describe themselves, for whoever reads no database."""
