"""Published reports as versions: records, changes, reproducibility, deliveries."""
