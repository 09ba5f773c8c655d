"""Personal data (PII): what identifies a person in a text or a part of a workbook, and how it is taken out."""
