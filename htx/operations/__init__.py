"""What keeps the runs going: what failed, is overdue or ends, and who must know."""
