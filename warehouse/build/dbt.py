"""Runs dbt on the warehouse, in a process of its own, which isolates its global state."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from warehouse.build.seeds import project_with
from warehouse.connection import SESSION_OPTIONS, plain_url
from warehouse.reference.reference_data import plan_folder

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"


class DbtFailed(Exception):
    """dbt stopped; the message names each failing model or test and where the log is."""


def run_dbt(url: str, command: list[str], output: Path) -> dict[str, int]:
    """Run a dbt command, such as ["build", "--select", "staging"], on the warehouse at `url`; {status: nodes}.

    `output` is the folder for dbt's own files (manifest, results, log). Raises DbtFailed, InvalidReferenceData."""
    project = project_with(plan_folder(), PROJECT, output)
    results_file = output / "run_results.json"
    results_file.unlink(missing_ok=True)
    arguments = ["--no-use-colors", *command, "--project-dir", str(project), "--profiles-dir", str(project)]
    with subprocess.Popen(
        [sys.executable, "-m", "warehouse.build.dbt_process", *arguments],
        env=_environment(url, output),
        stdin=subprocess.PIPE,  # never written to: dbt ends with this process, which holds its other end
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        printed = process.stdout.read() if process.stdout else ""
    results = json.loads(results_file.read_text())["results"] if results_file.exists() else []
    if process.returncode != 0:
        raise DbtFailed(_complaint(printed, results, output))
    return Counter(result["status"] for result in results)


def write_docs(url: str, output: Path) -> Path:
    """Write models, columns, tests and who reads them as one page that needs no server and no network, and return
    its path. Types of columns are those of what was last built in the warehouse at `url`. Raises DbtFailed."""
    run_dbt(url, ["parse"], output)  # writes the manifest that the page is made from
    run_dbt(url, ["docs", "generate", "--static", "--no-compile"], output)
    return output / "static_index.html"


def project_sha256() -> str:
    """A hash of the files that decide what dbt builds: models, macros, tests, and the plan's CSV files."""
    seeds = {f"seeds/{path.name}": path for path in plan_folder().glob("*.csv")}
    return _sha256({**_files_of("models", "macros", "tests"), **seeds})


def code_sha256() -> str:
    """A hash of the files that decide how figures are worked out, whatever the reference data says."""
    return _sha256(_files_of("models", "macros"))


def _files_of(*folders: str) -> dict[str, Path]:
    found = [path for folder in folders for path in (PROJECT / folder).rglob("*") if path.is_file()]
    return {path.relative_to(PROJECT).as_posix(): path for path in (*found, PROJECT / "dbt_project.yml")}


def _sha256(files: Mapping[str, Path]) -> str:
    """The hash of files by name, wherever they lie."""
    digest = hashlib.sha256()
    for name, path in sorted(files.items()):
        digest.update(name.encode() + b"\x1f" + path.read_bytes() + b"\x1e")
    return digest.hexdigest()


def _environment(url: str, output: Path) -> dict[str, str]:
    parts = {name: str(value) for name, value in conninfo_to_dict(plain_url(url)).items()}
    return {
        **os.environ,
        "DBT_HOST": parts.get("host", "localhost"),
        "DBT_PORT": parts.get("port", "5432"),
        "DBT_USER": parts.get("user", ""),
        "DBT_ENV_SECRET_PASSWORD": parts.get("password", ""),
        "DBT_DBNAME": parts.get("dbname", ""),
        "DBT_TARGET_PATH": str(output),
        "DBT_LOG_PATH": str(output / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "False",
        "DO_NOT_TRACK": "1",
        # New tables and CTEs have no statistics, so the planner chooses nested loops. At 34 times the example's size a
        # table that takes a second was not done after 88 seconds.
        "PGOPTIONS": f"{SESSION_OPTIONS} -c enable_nestloop=off -c jit=off",
        "PYTHONWARNINGS": "ignore",
    }


def _short(message: str) -> str:
    # dbt appends its chain of macros, which says nothing about the model
    return " ".join(message.partition("> in macro")[0].split())[:500]


def _complaint(printed: str, results: list[dict], output: Path) -> str:
    failed = [
        f"{result['unique_id']}: {_short(result['message'] or result['status'])}"
        for result in results
        if result["status"] in ("error", "fail", "runtime error")
    ]
    # without results dbt could not read the project: its last lines say why
    said = failed or printed.strip().splitlines()[-15:]
    return "dbt failed:\n" + "\n".join(f"  {line}" for line in said) + f"\n  log: {output / 'logs' / 'dbt.log'}"
