"""Files that only their owner may read: ports, secrets and passwords of the services of this machine."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any


def write_secret(target: Path, text: str) -> None:
    """Write a file with mode 600, whole or not at all."""
    draft = target.with_name(target.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    os.replace(draft, target)


def read_or_write(target: Path, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What a JSON file keeps; where there is none it is written first."""
    if not target.exists():
        write_secret(target, json.dumps(make(), indent=2))
    return json.loads(target.read_text(encoding="utf-8"))
