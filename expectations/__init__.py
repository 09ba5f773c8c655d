"""Rules on what units send, and gates before and after the build: what is right, whole and plausible.

The only room that imports Great Expectations, which takes seconds: import `check_submissions` and `gates` where they
are used, not at the top of a DAG file or of the command line.
"""

import logging

# Great Expectations logs hundreds of lines when it is imported; every import of it passes through this package.
for name in ("great_expectations", "great_expectations._docs_decorators"):
    logging.getLogger(name).setLevel(logging.WARNING)
