"""What a paper says, as blocks in their order: the same for Word and for the page."""
