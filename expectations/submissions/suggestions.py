"""Suggestions for values that are not in their code list: shown to the sender, never used as values."""

from datetime import date
from difflib import SequenceMatcher

from ingestion.template.shown_lists import shown_code
from warehouse.reference.cycles import RosterUnit
from warehouse.reference.names import ascii_key, folded, name_key
from warehouse.reference.reference_data import Reference

MOST, LEAST_RESEMBLANCE = 3, 0.72
KINDS = ("xa ", "phuong ", "thi tran ")


def suggested_codes(
    reference: Reference, code_list: str, sent: str, year: int | None, unit: RosterUnit | None, day: date | None
) -> list[str]:
    """Up to three codes as the form shows them, the likeliest first.

    Communes are compared by name, present or former: a commune that was merged suggests its successor. Communes of the
    unit's own area come first.
    """
    text = folded(sent)
    if code_list == "communes":
        return _communes(reference, text, unit, day) if day else []
    codes = reference.codes(code_list, year, day)
    scores = {code: max(_score(text, code), _score(text, label)) for code, label in codes.items()}
    best = sorted(
        (code for code, score in scores.items() if score >= LEAST_RESEMBLANCE), key=lambda code: -scores[code]
    )
    return [shown_code(code, codes[code]) for code in best[:MOST]]


def _communes(reference: Reference, text: str, unit: RosterUnit | None, day: date) -> list[str]:
    # "25195 - Phường Tân Phú": a former code before the name.
    code, _, name = text.partition(" ")
    name = name.strip(" -–.") if code.isdigit() else text
    if not name:
        return []
    unit_uid = unit.uid if unit and unit.uid in reference.units else None
    successors = [
        successor
        for uid in reference.units.communes_named(name)
        if (successor := reference.units.successor_at(uid, day)) and reference.units[successor].is_programme_ground
    ]
    scores: dict[str, float] = {}
    for commune in reference.units.communes_at(day):
        names = {commune.name_full, commune.name_short}
        score = max(_score(name, each) for each in names)
        if any(name_key(each) == name_key(name) for each in names) or commune.uid in successors:
            score = 1.0
        is_own = unit_uid is not None and reference.units.is_inside(commune.uid, unit_uid)
        if score >= LEAST_RESEMBLANCE:
            scores[commune.uid] = score + is_own
    best = sorted(scores, key=lambda uid: (-scores[uid], uid))[:MOST]
    return [shown_code(reference.units[uid].code, reference.units[uid].name_full) for uid in best]


def _score(sent: str, known: str) -> float:
    sent, known = _bare(sent), _bare(known)
    if " " in sent and known.startswith(f"{sent} "):
        return 1.0  # the beginning of a label, of two words or more
    return SequenceMatcher(None, sent, known).ratio()


def _bare(name: str) -> str:
    key = ascii_key(name)
    for kind in KINDS:
        key = key.removeprefix(kind)
    return key
