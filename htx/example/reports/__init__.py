"""What units report in the example: schedule, rows, deliveries, and the findings they cause on purpose."""
