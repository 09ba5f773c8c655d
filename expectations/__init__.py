"""Rules on what units send, and gates before and after the build: what is right, whole and plausible.

The only part that imports Great Expectations, which takes seconds: import `checks` and `gates` where they are
used, not at the top of a DAG file or of the command line.
"""
