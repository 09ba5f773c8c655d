"""dbt's command line in a process that ends with the one that started it.

Standard input is a pipe whose other end that process alone holds. The system closes it when the process ends, also by
kill -9. A dbt that went on would write into the tables of the next build.
"""

import os
import threading


def main() -> None:
    """Run dbt with the arguments of this process; exit at once when standard input ends."""
    threading.Thread(target=_exit_with_parent, daemon=True).start()
    from dbt.cli.main import cli  # after the watch began: importing it takes seconds

    cli()


def _exit_with_parent() -> None:
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
