"""The commands of docs/operations.md: its blocks that are marked `sh`."""

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "operations.md"


def commands(heading: str) -> list[str]:
    """The blocks below a heading of the third level, in order."""
    text = PAGE.read_text(encoding="utf-8")
    section = re.split(r"^##", text.partition(f"\n### {heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    return re.findall(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
