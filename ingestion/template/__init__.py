"""The form as a workbook, with what is already known filled in."""
