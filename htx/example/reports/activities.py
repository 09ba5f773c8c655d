"""The rows that speak of the units themselves: courses, officers, funds, duties, priority groups, narrative."""

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from random import Random

from htx.example.organisations import names
from htx.example.organisations.draws import YEARS, next_count
from htx.example.organisations.parameters import given
from htx.example.reports.lists import Schedule, Sheets, rows_of
from htx.example.reports.report import ListRow
from htx.example.reports.schedule import Appointment
from htx.example.reports.story import STORY
from htx.example.seeds import RosterUnit, Seeds
from htx.example.tables import read_csv

AGENCY_ROWS: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
"""(sheet, agency) -> codes of its rows in the first year, with the million VND planned for each fund; "any unit": the
kinds of course that districts and communes hold, and the duties that count, of which each reports some"""
for row in read_csv(Path(__file__).with_name("agency_rows.csv")):
    AGENCY_ROWS[row["sheet"], row["agency"]].append((row["code"], int(row["planned"] or 0)))


def add_activities(seeds: Seeds, seed: int, schedule: Schedule, found: dict[tuple[int, str], Sheets]) -> None:
    """Adds to the sheets of each (report year, unit) what the unit says of itself."""
    before: dict[str, Sheets] = {}
    for (year, unit_code), sheets in found.items():
        appointment = schedule[year, unit_code]
        unit = appointment.unit
        last = before.get(unit.uid, {})
        rng = Random(f"{seed}/activities/{year}/{unit.uid}")
        sheets["04_DAO_TAO"] = _courses(rng, appointment)
        sheets["05_CAN_BO_HOI"] = _officers(rng, seeds, unit, last.get("05_CAN_BO_HOI", []))
        sheets["07_KINH_PHI"] = _funds(rng, seeds, unit, last.get("07_KINH_PHI", []))
        sheets["08_HOAT_DONG"] = _duties(rng, seeds, unit, last.get("08_HOAT_DONG", []))
        sheets["09_UU_TIEN"] = _priority_groups(rng, unit, last.get("09_UU_TIEN", []))
        sheets["12_DANH_GIA"] = _narrative(rng, seeds, unit)
        before[unit.uid] = dict(sheets)
    _let_units_report_courses_of_others(found)
    _count_what_duties_ask(seeds, found)
    _leave_blank(seed, found)


def _courses(rng: Random, appointment: Appointment) -> list[ListRow]:
    unit = appointment.unit
    kinds = _codes("04_DAO_TAO", unit.code)
    if unit.is_territorial:
        number = rng.randint(2, 3) if unit.kind == "district" else rng.choice((0, 1, 1, 1, 2))
        kinds = [rng.choice(_codes("04_DAO_TAO", "any unit")) for _ in range(number)]
    if (unit.year, unit.code) in STORY["without_courses"]:
        kinds = []
    # An organiser below the province is one code for many offices: the number says whose course it is.
    organiser = {"agency": unit.code, "district": "WU-D", "commune": "WU-C"}[unit.kind]
    first = max(appointment.data_from, date(unit.year, 2, 5)) + timedelta(days=20)
    last = min(appointment.data_to, appointment.signed_on) - timedelta(days=10)
    return [
        _course(
            rng,
            code=f"{unit.code}-{unit.year}-{number:02d}",
            kind=kind,
            organiser=organiser,
            held_on=first + timedelta(days=rng.randint(0, (last - first).days)),
            people=rng.randint(45, 110) if unit.kind == "agency" else rng.randint(22, 60),
        )
        for number, kind in enumerate(kinds, start=1)
    ]


def _codes(sheet: str, agency: str) -> list[str]:
    return [code for code, _ in AGENCY_ROWS[sheet, agency]]


def _course(rng: Random, code: str, kind: str, organiser: str, held_on: date, people: int) -> ListRow:
    women = round(people * rng.uniform(0.62, 0.96))
    managers = min(round(people * (0.5 if kind == "governance" else 0.08)), women // 2)
    officers = min(round(people * (0.8 if kind == "collective_economy" else 0.06)), people - managers)
    left = people - managers - officers
    members = round(left * rng.uniform(0.45, 0.75))
    union_members = min(left - members, women - managers)
    certified = kind in ("governance", "vocational", "vocational_nonfarm")
    return {
        "course_code": code,
        "course_name": names.words("course_name", course=names.TEXTS["course_names"][kind][0], year=held_on.year),
        "course_kind": kind,
        "held_on": held_on,
        "organiser": organiser,
        "attendances": people + rng.randint(0, people // 3),
        "people": people,
        "women": women,
        "women_managers": managers or None,
        "members_and_workers": members or None,
        "union_members": union_members if rng.random() < 0.85 else None,
        "union_officers": officers or None,
        "certificates": round(people * 0.6) if certified else None,
        "cost": rng.randint(12, 160) / 2,
    }


def _let_units_report_courses_of_others(found: dict[tuple[int, str], Sheets]) -> None:
    for (year, unit_code), detail in STORY["course_of_another"].items():
        organiser, kind = detail.split()
        courses = [row for row in rows_of(found, (year, organiser), "04_DAO_TAO") if row["course_kind"] == kind]
        for course in courses[:1]:
            fewer = {field_code: course[field_code] - 2 for field_code in ("members_and_workers", "people")}
            copy = course | fewer | {"women": min(course["women"], fewer["people"])}
            rows_of(found, (year, unit_code), "04_DAO_TAO").append(copy)


def _officers(rng: Random, seeds: Seeds, unit: RosterUnit, last: list[ListRow]) -> list[ListRow]:
    if not seeds.sheets["05_CAN_BO_HOI"].applies(unit):
        return []
    before = {row["union_level"]: row for row in last}
    communes = sum(new == unit.uid and old.endswith("@2023") for old, new in seeds.successors.items())
    communes += sum(place.parent_uid == unit.uid for place in seeds.places.values())
    sizes = {
        "agency": {"province": rng.randint(26, 32)},
        "district": {"district": rng.randint(4, 6), "commune": 3 * communes, "branch": communes * rng.randint(6, 8)},
        "commune": {"commune": 2 + 2 * communes, "branch": communes * rng.randint(6, 8)},
    }[unit.kind]
    return [_officer_level(rng, level, size, unit.year, before.get(level)) for level, size in sizes.items()]


def _officer_level(rng: Random, level: str, size: int, year: int, before: ListRow | None) -> ListRow:
    size = before["officers"] + rng.choice((0, 1)) if before else size
    share = given.officers_skilled[year] * (0.45 if level == "branch" else 1)
    skilled = sum(rng.random() < share for _ in range(size))
    assigned = before["assigned_officers"] if before else max(2, round(size * (0.1 if level == "branch" else 0.4)))
    trained = sum(rng.random() < given.assigned_trained[year] for _ in range(assigned))
    if before:
        known, known_trained = before["officers_skilled"], before["assigned_officers_trained"]
        skilled = max(known + 1, next_count(rng, known, skilled))
        trained = max(known_trained, next_count(rng, known_trained, trained))
    return {
        "union_level": level,
        "officers": size,
        "officers_skilled": min(skilled, size),
        "assigned_officers": assigned,
        "assigned_officers_trained": min(trained, assigned),
    }


def _funds(rng: Random, seeds: Seeds, unit: RosterUnit, last: list[ListRow]) -> list[ListRow]:
    if last:
        return [
            _fund(rng, seeds, unit, row["funding_source"], row["planned"] * rng.uniform(0.97, 1.14), row)
            for row in last
        ]
    sources: list[tuple[str, float]] = list(AGENCY_ROWS["07_KINH_PHI", unit.code])
    if unit.kind == "district":
        sources = [("local", rng.randint(120, 420)), ("national_programmes", rng.randint(150, 700))]
        sources += [("policy_bank", rng.randint(500, 2600))] if rng.random() < 0.7 else []
    elif unit.kind == "commune":
        sources = [("local", rng.randint(25, 140))] if rng.random() < 0.75 else []
        sources += [("policy_bank", rng.randint(100, 900))] if rng.random() < 0.4 else []
    return [_fund(rng, seeds, unit, source, planned, None) for source, planned in sources]


def _fund(rng: Random, seeds: Seeds, unit: RosterUnit, source: str, planned: float, before: ListRow | None) -> ListRow:
    allocated = planned * rng.uniform(0.82, 0.98)
    disbursed = allocated * rng.uniform(0.7, 0.97)
    if STORY["spends_more_than_allocated"].get((unit.year, unit.code)) == source:
        disbursed = allocated * 1.06
    amounts = {"planned": planned, "allocated": allocated, "disbursed": disbursed}
    row: ListRow = {"funding_source": source, **{name: round(amount, 1) for name, amount in amounts.items()}}
    if source in seeds.flagged("funding_sources", "credit"):
        borrowers = next_count(rng, before["borrowers"]) if before else max(1, round(planned / 190))
        row |= {"borrowers": borrowers, "outstanding_loans": round(disbursed * rng.uniform(1.4, 2.2), 1)}
    return row


def _duties(rng: Random, seeds: Seeds, unit: RosterUnit, last: list[ListRow]) -> list[ListRow]:
    if (unit.year, unit.code) in STORY["without_duties"]:
        return []
    before = {row["duty_code"]: row for row in last}
    body = {"district": "PC-D", "commune": "PC-C"}.get(unit.kind, unit.code)
    owed = seeds.duties.get(body, ())
    wanted = {"district": 7, "commune": 4}.get(unit.kind, len(owed))
    if before:
        chosen = [code for code in owed if code in before]
    else:
        counted = [code for code in _codes("08_HOAT_DONG", "any unit") if code in owed]
        first = ["VI.a", *rng.sample(counted, 3 if unit.kind == "district" else 2)] if unit.is_territorial else []
        chosen = first + rng.sample([code for code in owed if code not in first], min(wanted, len(owed)) - len(first))
        chosen = [code for code in owed if code in chosen]
    return [_duty(rng, unit, code, before.get(code)) for code in chosen]


def _duty(rng: Random, unit: RosterUnit, code: str, before: ListRow | None) -> ListRow:
    events = next_count(rng, before["events"]) if before else rng.randint(1, 14)
    people = next_count(rng, before["people"]) if before and before["people"] else rng.randint(20, 320)
    status = rng.choice(("done", "done", "continuous", "in_progress"))
    if unit.code == "WU-P" and (unit.year, code) in STORY["duty_of_the_union"]:
        status = STORY["duty_of_the_union"][unit.year, code]
        events = 0 if status == "not_started" else 1
        people = (min(4, people) if code == "IV.1.c" else people) * events
    result = names.words("duty_result", events=events, things="")
    number = f"{rng.randint(11, 480)}/KH-UBND" if unit.is_territorial else f"{rng.randint(11, 480)}/KH"
    return {
        "duty_code": code,
        "duty_status": status,
        "events": events,
        "people": people,
        "evidence_document": names.words("document", number=number, year=unit.year) if status == "done" else None,
        "result": result if events and rng.random() < 0.6 else None,
    }


def _count_what_duties_ask(seeds: Seeds, found: dict[tuple[int, str], Sheets]) -> None:
    """Leave out figures that a duty does not have, and let half of the cooperatives take part in a pilot."""
    for key, sheets in found.items():
        half = (len(sheets.get("01_HTX", ())) + 1) // 2
        for row in sheets["08_HOAT_DONG"]:
            counted = seeds.duty_figures[row["duty_code"]]
            is_limited = counted["events_at_most"] == "cooperatives" and key[1].isdigit()
            if is_limited and key not in STORY["counts_meetings"]:
                row["events"] = min(row["events"], half)
            for name in ("events", "people"):
                if not counted[f"{name}_are_vi"]:
                    row[name] = None
            if row["result"]:
                done = names.words("duty_result", events=row["events"], things=counted["events_are_vi"])
                row["result"] = done if row["events"] else None


def _leave_blank(seed: int, found: dict[tuple[int, str], Sheets]) -> None:
    for (year, unit_code), sheets in found.items():
        rng = Random(f"{seed}/left blank/{year}/{unit_code}")
        left_blank = [tuple(each.split()) for each in STORY["left_blank"].get((year, unit_code), "").split(";")]
        for sheet, key in (("07_KINH_PHI", "funding_source"), ("08_HOAT_DONG", "duty_code")):
            for row in sheets[sheet]:
                unanswered = [each[2] for each in left_blank if each[:2] == (sheet, row[key])]
                if unanswered:
                    row |= dict.fromkeys(unanswered)
                elif sheet == "08_HOAT_DONG" and unit_code.isdigit():
                    row |= {name: None for name in ("events", "people") if rng.random() < given.duty_blank_share}


def _priority_groups(rng: Random, unit: RosterUnit, last: list[ListRow]) -> list[ListRow]:
    before = {row["priority_group"]: row for row in last}
    if before:
        chosen = [code for code in given.priority_groups if code in before]
    elif unit.kind == "agency":
        chosen = _codes("09_UU_TIEN", unit.code)
    else:
        wanted = rng.randint(6, 9) if unit.kind == "district" else rng.choice((0, 2, 3, 3, 4))
        drawn = rng.sample(list(given.priority_groups), wanted)
        chosen = [code for code in given.priority_groups if code in drawn]
    size = {"district": 1.0, "commune": 0.4, "agency": 1.6}[unit.kind]
    found = []
    for code in chosen:
        if known := before.get(code):
            supported, employed = (next_count(rng, known[name]) for name in ("women_supported", "women_employed"))
        else:
            supported = round(given.priority_groups[code] * size * rng.uniform(0.6, 1.4))
            employed = round(supported * rng.uniform(0.2, 0.6))
        employed = min(employed, supported)
        found.append({"priority_group": code, "women_supported": supported, "women_employed": employed})
    return found


def _narrative(rng: Random, seeds: Seeds, unit: RosterUnit) -> list[ListRow]:
    sections = {
        "district": ("leadership", "results", "shortcomings", "proposals"),
        "commune": ("results", "next_year"),
        "agency": ("results", "proposals"),
    }[unit.kind]
    if unit.code == "WU-P":
        sections = tuple(names.TEXTS["narrative"])
    words = {"unit": seeds.unit_name(unit), "year": unit.year, "next_year": unit.year + 1}
    rows: list[ListRow] = []
    for section in sections:
        n, [text], addressee = rng.randint(2, 9) + unit.year - YEARS[0], names.TEXTS["narrative"][section], None
        if section == "proposals" and unit.code != "WU-P":
            addressee = rng.choice([code for code in names.TEXTS["proposals"] if code != unit.code])
            [text] = names.TEXTS["proposals"][addressee]
        rows.append({"narrative_section": section, "text": text.format(n=n, **words), "addressee": addressee})
    return rows


def narrative_on_the_phase(seeds: Seeds, unit: RosterUnit) -> list[ListRow]:
    """What the Union writes of the phase that ends with the year."""
    words = {"unit": seeds.unit_name(unit), "phase": seeds.cycles[unit.year].phase, "next_year": unit.year + 1}
    return [
        {"narrative_section": section, "text": text.format(**words), "addressee": None}
        for section, [text] in names.TEXTS["phase"].items()
    ]
