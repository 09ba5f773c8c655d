"""The steps of the image, read from docker-compose.yml, and what .dockerignore lets into it."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from pathspec import PathSpec

PROJECT = Path(__file__).resolve().parents[2]


def compose_config(env_file: Path | str = "/dev/null", profile: str = "", **variables: str) -> dict:
    """docker-compose.yml as the real compose program reads it, with the services of a profile."""
    program = Path(sys.executable).with_name("docker-compose")
    command = [program, "--env-file", env_file, "-f", PROJECT / "docker-compose.yml", "--profile", profile]
    return json.loads(subprocess.check_output([*command, "config", "--format", "json"], env=variables, text=True))


def steps(text: str) -> Iterator[tuple[str, str]]:
    """(instruction, its rest) of each step of a Dockerfile."""
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    for step in re.sub(r"\\\n", " ", lines).splitlines():
        if step.strip():
            instruction, _, rest = step.strip().partition(" ")
            yield instruction, rest.strip()


def context(folder: Path = PROJECT) -> list[Path]:
    """The files that COPY finds, relative to the folder."""
    patterns = (folder / ".dockerignore").read_text().splitlines()
    # those of Docker begin at the folder, those of Git anywhere in it
    anchored = [re.sub(r"^(!?)(?=[^#*!/])", r"\1/", each) for each in patterns]
    ignored = PathSpec.from_lines("gitignore", anchored)
    return sorted(Path(each) for each in ignored.match_tree_files(folder, negate=True))


def copy(source: str, target: Path) -> None:
    """As COPY does: a file, or with `.` the whole context; all of it belongs to root."""
    names = context() if source == "." else [Path(source)]
    for name in names:
        to = target / name if source == "." or target.is_dir() else target
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PROJECT / name, to)
