"""Worker processes that parse untrusted workbooks, with time and memory limits."""
