"""What the documents say: tables of figures and words, read from the schema reports."""
