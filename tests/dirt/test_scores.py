"""How much of each class of dirt is found, and how many clean cells are flagged, over five provinces.

A part of two provinces is dirty in the usual run, all of all five in a soak, which prints the table.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from functools import partial

import pytest

from htx import steps
from htx.example.folder import clean_workbook, make_example
from htx.example.reports.deliberate_findings import DeliberateFinding
from htx.example.reports.report import Report
from htx.example.seeds import read_seeds
from ingestion.feedback.findings import Finding
from ingestion.feedback.reviewed_file import ReviewedFile
from ingestion.workbook.received_file import ReceivedFile
from tests.datasets import Built
from tests.dirt.dealing import AT_EACH_BUILD, CLASSES, Dirtied, add_dirt
from tests.dirt.truth import Dirt
from warehouse.connection import connect
from warehouse.reference.reference_data import SEEDS, Reference, read_reference

pytestmark = pytest.mark.soak("dirt", also_in_test=True)
SEEDS_OF_THE_EXAMPLE = (1, 2, 3, 4, 5)
PART = 0.3
"""of the files of the first two provinces: what is dirtied in the usual run of the tests"""
AT_RECEIPT = [name for name in CLASSES if name not in AT_EACH_BUILD]
FIRST_YEAR, SECOND_YEAR = 2023, 2024
"""years that the same districts report for"""
ASKS = ("error", "query")
Cell = tuple[str, str]
"""sheet, address"""


@dataclass
class Score:
    """Of one class of dirt: cases added, cases found, and clean cells beside them that were harmed."""

    pieces: int = 0
    caught: int = 0
    flagged: int = 0
    """clean cells with a finding that asks for something"""
    misread: int = 0
    """clean cells whose parsed value differs from that in the clean file"""


@dataclass
class Scored:
    """All five provinces together."""

    scores: dict[str, Score]
    missed: list[str]
    harmed: list[str]
    verdicts: list[str]
    """files that did not end as was said"""
    clean_findings: set[tuple]
    deliberate: set[tuple]
    files: int


@dataclass(frozen=True)
class Pair:
    """A report as it was meant, and as it arrived."""

    report: Report
    seed: int
    dirtied: Dirtied
    standing: list[DeliberateFinding]
    clean: ReviewedFile
    dirty: ReviewedFile | None

    @property
    def truth(self) -> list[Dirt]:
        return [dirt for dirt in self.dirtied.truth if dirt.path == self.report.path]


@pytest.fixture(scope="module")
def scored(is_soak, pytestconfig, built, new_database) -> Scored:
    reference, seeds = read_reference(SEEDS), read_seeds()
    made = []
    for seed in SEEDS_OF_THE_EXAMPLE if is_soak else SEEDS_OF_THE_EXAMPLE[:2]:
        example = make_example(seeds, seed)
        reports, findings = example.reports, example.findings
        clean = {report.path: clean_workbook(reference, report) for report in reports} if is_soak else {}

        def workbook_of(report, clean=clean):
            if report.path not in clean:
                clean[report.path] = clean_workbook(reference, report)
            return clean[report.path]

        dirtied = add_dirt(seeds, seed, reports, workbook_of, AT_RECEIPT, 1 if is_soak else PART)
        for report in reports:
            if report.path in dirtied.contents:
                workbook_of(report)  # a file that another's took the place of
        made.append((seed, reports, findings, dirtied, clean))
    pairs = _reviewed(made, reference)
    result = Scored(defaultdict(Score), [], [], [], set(), set(), len(pairs))
    of_file = {code for code, rule in reference.rules.items() if rule.depends_on == "file"}
    for seed, _, findings, _, clean in made:
        result.deliberate |= {
            (seed, each.path, each.rule_code, each.sheet_code, each.cell)
            for each in findings
            if each.path in clean and each.rule_code in of_file
        }
    for pair in pairs:
        result.clean_findings |= {
            (pair.seed, pair.report.path, each.rule_code, each.sheet_code, each.cell or "")
            for each in pair.clean.findings
        }
        if pair.dirty is not None:
            _score(pair, result)
    _score_repeated([each[:2] for each in made], reference, seeds, result, built, new_database(built.template))
    if is_soak:
        plugins = pytestconfig.pluginmanager
        with plugins.getplugin("capturemanager").global_and_fixture_disabled():
            plugins.getplugin("terminalreporter").write_line(f"\n{_table(result)}")
    return result


def test_every_class_of_dirt_is_there(scored):
    assert set(scored.scores) == set(CLASSES)


def test_every_case_of_dirt_is_found(scored):
    assert scored.missed == []


def test_no_clean_cell_is_flagged_or_misread(scored):
    assert scored.harmed == []


def test_files_are_accepted_or_rejected_as_their_dirt_deserves(scored):
    assert scored.verdicts == []


def test_the_clean_files_have_the_deliberate_findings_and_no_other(scored):
    assert scored.clean_findings == scored.deliberate


def _reviewed(made: list[tuple], reference: Reference) -> list[Pair]:
    """Every clean and every dirtied file, reviewed in one go."""
    files, owners = [], []
    for seed, reports, findings, dirtied, clean in made:
        for report in reports:
            if report.path in clean:
                arrived = dirtied.contents.get(report.path)
                contents = [clean[report.path], *([] if arrived is None else [arrived])]
                owners.append((report, seed, dirtied, dirtied.standing(findings), len(contents)))
                received_at = report.received_at.astimezone(UTC)
                files += [ReceivedFile(report.folder, report.file_name, received_at, each) for each in contents]
    reviewed = iter(steps.review(files, reference))
    return [Pair(*owner[:4], next(reviewed), next(reviewed) if owner[4] > 1 else None) for owner in owners]


def _score(pair: Pair, result: Scored) -> None:
    harmed = [*_flagged(pair), *_misread(pair)]
    for dirt in pair.truth:
        score = result.scores[dirt.dirt_class]
        why = _why_missed(dirt, pair, {place[0] for _, place, _ in harmed})
        score.pieces += 1
        score.caught += not why
        if why:
            result.missed.append(f"seed {pair.seed}: {why}: {dirt}")
    for kind, (sheet, cell), words in harmed:
        result.harmed.append(f"seed {pair.seed}: {pair.report.path}: {sheet} {cell}: {kind}: {words}")
        beside = {dirt.dirt_class for dirt in pair.truth if dirt.sheet_code == sheet}
        for name in beside or {dirt.dirt_class for dirt in pair.truth}:
            setattr(result.scores[name], kind, getattr(result.scores[name], kind) + 1)
    verdict = "rejected" if pair.report.path in pair.dirtied.rejected else "accepted"
    if pair.dirty.verdict != verdict:
        result.verdicts.append(f"seed {pair.seed}: {pair.report.path} was not {verdict}")


def _score_repeated(made, reference, seeds, result: Scored, built: Built, url: str) -> None:
    """Of each seed two districts in one warehouse, each with one of the classes that only a build finds; the
    rule of the other class must not name it."""
    loaded, meant = [], {}
    districts = sorted(
        code
        for code in {report.unit_code for report in made[0][1] if report.report_year == SECOND_YEAR}
        if code.isdigit() and code != "697"  # whose first file is rejected
    )
    for number, (seed, reports) in enumerate(made):
        of_year = {
            (report.report_year, report.unit_code): report
            for report in reversed(reports)
            if report.report_kind == "annual" and report.submission_kind == "first"
        }
        for code, name in zip(districts[number :: len(made)], AT_EACH_BUILD, strict=False):
            pair = [of_year[year, code] for year in (FIRST_YEAR, SECOND_YEAR)]
            dirtied = add_dirt(seeds, seed, pair, partial(clean_workbook, reference), [name], 1)
            for report in pair:
                content = dirtied.contents.get(report.path) or clean_workbook(reference, report)
                received_at = report.received_at.astimezone(UTC)
                loaded.append(ReceivedFile(report.folder, report.file_name, received_at, content))
            for dirt in dirtied.truth:
                meant[loaded[-1].submission_id, *dirt.rules, dirt.sheet_code, dirt.row_number, dirt.field_code] = dirt
    steps.load_files(url, loaded)
    models = ("int_copied_files_flagged", "int_running_totals_flagged")
    built.refill(url, *models)
    asked = set()
    with connect(url) as connection:
        for model in models:
            query = f"select submission_id, rule_code, sheet_code, row_number, field_code from intermediate.{model}"
            asked |= set(connection.execute(query).fetchall())
    for place, dirt in meant.items():
        score = result.scores[dirt.dirt_class]
        score.pieces += 1
        score.caught += place in asked
        score.flagged = sum(rule in dirt.rules for _, rule, *_ in asked - meant.keys())
        result.missed += [] if place in asked else [f"no query: {dirt}"]
    result.harmed += [f"a query without a cause: {place}" for place in asked - meant.keys()]


def _why_missed(dirt: Dirt, pair: Pair, harmed_sheets: set[str]) -> str | None:
    """Why a case of dirt missed its expected outcome; None where it did not."""
    said = defaultdict(set)
    for each in pair.dirty.findings:
        for cell in _cells(each):
            said[each.sheet_code or "", cell].add((each.rule_code, each.severity))
    meant = {each.rule_code for each in pair.standing if each.path == dirt.path and each.cell == dirt.cell}
    for other in pair.truth:  # another finding may be at the same cell: its row is hidden
        if other is not dirt and (other.sheet_code, other.cell) == (dirt.sheet_code, dirt.cell):
            meant |= {*other.rules} - {*dirt.rules}
    here = {(rule, severity) for rule, severity in said[dirt.sheet_code, dirt.cell] if rule not in meant}
    rules = {rule for rule, _ in here}
    if dirt.outcome == "rejected":
        return None if set(dirt.rules) <= rules and pair.dirty.verdict == "rejected" else "not sent back"
    if pair.dirty.submission is None:
        return "the file was not read"
    if not all(set(rule.split("|")) & rules for rule in dirt.rules):
        return f"only found: {sorted(rules)}"
    if dirt.outcome == "read" and any(severity in ASKS for _, severity in here):
        return f"raised: {sorted(rules)}"
    if dirt.outcome == "unchanged":
        return "cells of its sheet were harmed" if dirt.sheet_code in harmed_sheets else None
    if dirt.value is not None and (got := _read(pair.dirty, dirt)) != dirt.value:
        return f"read as {got!r}"
    return None


def _read(reviewed: ReviewedFile, dirt: Dirt) -> str:
    if dirt.sheet_code == "00_BIA":
        return reviewed.submission.cover.get(dirt.field_code, "")
    rows = {row.row_number: row.read for row in reviewed.submission.sheets[dirt.sheet_code].rows}
    return rows.get(dirt.row_number, {}).get(dirt.field_code, "")


def _flagged(pair: Pair) -> Iterator[tuple[str, Cell, str]]:
    """Findings on cells that are as they were meant, and were meant well. A row that dirt put in is all dirt."""
    if pair.dirty.submission is None or pair.report.path not in pair.dirtied.moved:
        return
    cells = {(dirt.sheet_code, dirt.cell) for dirt in pair.truth}
    standing = {(each.sheet_code, each.cell, each.rule_code) for each in pair.standing if each.path == pair.report.path}
    rows = {(sheet, number) for (sheet, _), (number, _) in pair.dirtied.moved[pair.report.path].items()}
    put_in = {(dirt.sheet_code, dirt.row_number) for dirt in pair.truth} - rows
    for each in pair.dirty.findings:
        places = [(each.sheet_code or "", cell) for cell in _cells(each)]
        known = any(place in cells or (*place, each.rule_code) in standing for place in places)
        is_put_in = each.row_number is not None and (each.sheet_code, each.row_number) in put_in
        if each.severity in ASKS and not known and not is_put_in:
            yield "flagged", places[0], each.message_vi


def _cells(finding: Finding) -> list[str]:
    """The cells of one cause."""
    return (finding.cell or "").split(", ")


def _misread(pair: Pair) -> Iterator[tuple[str, Cell, str]]:
    """Clean cells whose parsed value differs from that in the clean file."""
    if pair.dirty.submission is None or pair.report.path not in pair.dirtied.moved:
        return
    clean, dirty = pair.clean.submission, pair.dirty.submission
    dirtied = {(dirt.sheet_code, dirt.row_number, dirt.field_code) for dirt in pair.truth}
    for field in clean.cover.keys() | dirty.cover.keys():
        if clean.cover.get(field) != dirty.cover.get(field) and field not in {field for _, _, field in dirtied}:
            yield "misread", ("00_BIA", field), f"{dirty.cover.get(field)!r}, not {clean.cover.get(field)!r}"
    rows = {(code, row.row_number): row.read for code, sheet in dirty.sheets.items() for row in sheet.rows}
    for code, sheet in clean.sheets.items():
        for row in sheet.rows:
            number, letters = pair.dirtied.moved[pair.report.path][code, row.row_number]
            found = rows.pop((code, number), {})
            for field in row.read.keys() | found.keys():
                if row.read.get(field) != found.get(field) and (code, number, field) not in dirtied:
                    words = f"{found.get(field)!r}, not {row.read.get(field)!r}"
                    yield "misread", (code, f"{letters[field]}{number}"), words
    for code, number in rows:
        if (code, number) not in {(sheet, row) for sheet, row, _ in dirtied}:
            yield "misread", (code, str(number)), "a row that nobody wrote"


def _table(result: Scored) -> str:
    lines = [f"{'class of dirt':26} {'cases':>7} {'caught':>7} {'flagged':>8} {'misread':>8}"]
    for name in CLASSES:
        each = result.scores[name]
        lines.append(f"{name:26} {each.pieces:7} {each.caught:7} {each.flagged:8} {each.misread:8}")
    pieces, caught = (sum(getattr(each, name) for each in result.scores.values()) for name in ("pieces", "caught"))
    beyond = len(result.clean_findings ^ result.deliberate)
    return "\n".join(
        [
            *lines,
            f"{pieces} cases of dirt, {caught} caught, {len(result.harmed)} clean cells flagged or misread",
            f"{result.files} clean files: {len(result.deliberate)} findings put in on purpose, {beyond} more or fewer",
        ]
    )
