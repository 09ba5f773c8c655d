"""The README and the pages of docs/ agree with the files, the commands and the Makefile."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from htx.cli import main
from tests.docs.cli_page import PAGE, cli_page

PROJECT = Path(__file__).parents[2]
PAGES = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").rglob("*.md"))]
OF_EARLIER_VERSIONS = {"upgrade.md"}  # names what there was before
CURRENT = [page for page in PAGES if page.name not in OF_EARLIER_VERSIONS]
TOP_LEVEL = {path.name for path in PROJECT.iterdir() if path.is_dir() and not path.name.startswith(".")}
FOLDERS = [PROJECT, PROJECT / "dbt_project" / "seeds", PROJECT / "reporting" / "content"]
LINK = re.compile(r"\[[^\]]*\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)")
SPAN = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"(?:^|[`$(] ?)htx((?: [a-z][a-z-]*)+)", re.MULTILINE)
TARGET = re.compile(r"(?:^|`)make ([a-z][a-z-]*)", re.MULTILINE)

pages = pytest.mark.parametrize("page", CURRENT, ids=lambda page: str(page.relative_to(PROJECT)))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as public hosts make them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def named_files(text: str) -> Iterator[str]:
    for span in (each for each in SPAN.findall(text) if "NNNN" not in each):
        within = span.partition("/")[0] in TOP_LEVEL and "/" in span
        if re.fullmatch(r"[\w./-]+", span) and (within or span.endswith((".csv", ".yml", ".toml", ".lock"))):
            yield span


def test_the_readme_is_short():
    assert (PROJECT / "README.md").stat().st_size < 12_000


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_links_lead_to_files_and_headings(page):
    broken = []
    for target, anchor in LINK.findall(page.read_text()):
        file = (page.parent / target).resolve() if target else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(f"{target}#{anchor}")
    assert broken == []


@pages
def test_files_that_a_page_names_exist(page):
    missing = [name for name in named_files(page.read_text()) if not any((each / name).exists() for each in FOLDERS)]
    assert missing == []


@pages
def test_commands_that_a_page_names_exist(page):
    unknown = []
    for words in COMMAND.findall(page.read_text()):
        command: click.Command = main
        for word in words.split():
            if not isinstance(command, click.Group):
                break
            if word not in command.commands:
                unknown.append(f"htx{words}")
                break
            command = command.commands[word]
    assert unknown == []


@pages
def test_make_targets_that_a_page_names_exist(page):
    named = re.findall(r"^([a-z%][a-z%-]*):", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    targets = re.compile("|".join(each.replace("%", "[a-z]+") for each in named))
    assert [each for each in TARGET.findall(page.read_text()) if not targets.fullmatch(each)] == []


def test_the_page_of_the_command_line_is_what_the_commands_say():
    assert PAGE.read_text() == cli_page(), "run `make docs-cli`"
