"""What Airflow keeps of old runs: rows of its database, and the logs of tasks."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

OLD_SETTING = "AIRFLOW__CORE__SQL_ALCHEMY_CONN"


def clean(database_url: str, before: datetime) -> None:
    """Delete rows of Airflow's own database that are older than an instant, by its own command.

    In a program of its own: Airflow closes its database to tasks. Raises RuntimeError with what the command says."""
    environment = {name: value for name, value in os.environ.items() if name != OLD_SETTING}
    environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] = database_url
    options = ["--clean-before-timestamp", before.isoformat(), "--skip-archive", "--error-on-cleanup-failure", "--yes"]
    done = subprocess.run(
        [sys.executable, "-m", "airflow", "db", "clean", *options],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode != 0:
        raise RuntimeError(f"airflow db clean failed:\n{done.stdout[-4000:]}")


def delete_logs(folder: str, before: datetime) -> int:
    """Delete the log files in a folder that were last written before an instant, and folders that are empty then.

    Gives how many files were deleted."""
    old = [
        path
        for path in Path(folder).rglob("*.log")
        if not path.is_symlink() and path.is_file() and path.stat().st_mtime < before.timestamp()
    ]
    for path in old:
        path.unlink()
        for parent in path.parents:
            if parent == Path(folder) or any(parent.iterdir()):
                break
            parent.rmdir()
    return len(old)
