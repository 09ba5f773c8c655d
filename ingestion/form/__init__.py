"""Cells to a submission: sheets, headers, numbers, dates, personal data, hidden content."""
