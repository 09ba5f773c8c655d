"""What goes back to a unit: findings, the annotated workbook, open queries, duplicates, the outbox."""
