"""Messages to units: reminders and what each unit still owes."""
