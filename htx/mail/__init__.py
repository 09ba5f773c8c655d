"""Mail: delivery, reminders, and what is outstanding from each unit."""
