"""The exceptions that the story of the example needs: story.csv, whose notes say what each is for."""

from pathlib import Path

from htx.example.tables import read_csv

STORY: dict[str, dict[tuple[int, str], str]] = {}
"""event -> (report year, code of a unit or duty, or key of a role) -> its detail"""
for row in read_csv(Path(__file__).with_suffix(".csv")):
    STORY.setdefault(row["event"], {})[int(row["report_year"]), row["code"]] = row["detail"]


def roles_at(event: str, year: int) -> list[str]:
    """The keys of the roles to which something happens in a year."""
    return [key for at, key in STORY[event] if at == year]
