"""A second, invented province as a plan's folder: the plan of the release with other codes, names, ground and targets.

Same indicators, forms and kinds of maps. Codes of units begin with 0, as those of the north do.
"""

import csv
import math
import re
import shutil
from pathlib import Path

from tests.datasets import read_csv
from warehouse.reference.names import ascii_key
from warehouse.reference.reference_data import SEEDS

LOST_DISTRICT = "698"
"""a district that is not of the second province's ground"""
OF_UNITS = (
    "administrative_units", "administrative_unit_changes", "reporting_roster", "map_tiles", "unit_mailboxes",
    "province_codes",
)  # fmt: skip
UNIT_CODE = re.compile(r"[0-9]{2,5}")
UNIT_UID = re.compile(r"([0-9]{2,5})(@[0-9]{4})")
PROVINCES = {"Bình Phước": "Sơn Hà", "Đồng Nai": "Hải Vân"}
GROUND = {"11 huyện, thị xã": "10 huyện, thị xã"}


def code_of(code: str) -> str:
    """The code of a unit of the first province, in the second: 692 is 092, 25280 is 05280."""
    return "0" + code[1:]


def write_second_plan(folder: Path) -> Path:
    """Write the plan of the second province into a folder, which must not exist."""
    shutil.copytree(SEEDS, folder)
    units = read_csv(SEEDS / "administrative_units.csv")
    lost = _lost_units(units)
    names = _names({row["name_short"] for row in units})
    full = {row["name_full"]: _renamed(row, names) for row in units}
    for path in sorted(folder.glob("*.csv")):
        rows = read_csv(path)
        if path.stem in OF_UNITS:
            rows = [_recoded(row) for row in rows if lost.isdisjoint(row.values())]
        for row in rows:
            for column, text in row.items():
                row[column] = _of_second(full.get(text, text))
        if path.stem == "administrative_units":
            for row in rows:
                row["name_short"] = names.get(row["name_short"], row["name_short"])
                row["name_ascii"] = ascii_key(row["name_short"]).title()
        if rows:  # a file of titles alone stays as it is
            _write(path, rows)
    _write_aliases(folder)
    _raise_targets(folder)
    return folder


def _lost_units(units: list[dict[str, str]]) -> set[str]:
    """The uids of the lost district and of its communes."""
    district = {row["uid"] for row in units if row["code"] == LOST_DISTRICT}
    return district | {row["uid"] for row in units if row["parent_uid"] in district}


def _names(shorts: set[str]) -> dict[str, str]:
    """Other names, one for each: every syllable gives way to the next one of all that there are."""
    syllables = sorted({syllable for short in shorts - PROVINCES.keys() for syllable in short.split()})
    following = dict(zip(syllables, [*syllables[1:], syllables[0]], strict=True))
    made = {short: " ".join(following[each] for each in short.split()) for short in shorts - PROVINCES.keys()}
    return made | PROVINCES


def _renamed(row: dict[str, str], names: dict[str, str]) -> str:
    return row["name_full"].removesuffix(row["name_short"]) + names[row["name_short"]]


def _recoded(row: dict[str, str]) -> dict[str, str]:
    return {
        column: code_of(text) if column.endswith("code") and UNIT_CODE.fullmatch(text)
        else UNIT_UID.sub(lambda found: code_of(found[1]) + found[2], text)
        for column, text in row.items()
    }  # fmt: skip


def _of_second(text: str) -> str:
    for name, other in (PROVINCES | GROUND).items():
        text = text.replace(name, other)
    return text


def _write_aliases(folder: Path) -> None:
    rows = [
        {
            "uid": row["uid"], "code": row["code"], "name_full": row["name_full"], "alias": row["name_short"],
            "kind": "bare_name", "encoding": "unicode", "risk": "",
        }
        for row in read_csv(folder / "administrative_units.csv")
    ]  # fmt: skip
    _write(folder / "administrative_unit_aliases.csv", rows)


def _raise_targets(folder: Path) -> None:
    """Half as much again, but for percentages."""
    percent = {row["indicator_code"] for row in read_csv(folder / "indicators.csv") if row["unit"] == "percent"}
    rows = read_csv(folder / "targets.csv")
    for row in rows:
        if row["indicator_code"] not in percent:
            row["target"] = str(math.ceil(float(row["target"]) * 1.5))
    _write(folder / "targets.csv", rows)


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
