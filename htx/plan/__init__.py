"""The plan's folder: a new season, what an edit would move."""
