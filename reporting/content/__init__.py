"""The content of documents: tables of figures and texts, read from the schema `reports`."""
