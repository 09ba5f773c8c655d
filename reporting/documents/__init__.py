"""Word, Excel and HTML documents from that content, and letters."""
