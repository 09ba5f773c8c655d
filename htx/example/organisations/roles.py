"""Roles of the cooperatives that report: the same for every seed, under other names and numbers.

The reform, new cooperatives, a group that became one, women who join and leave boards: each indicator has a cooperative
that counts, and one that misses it by one condition. Communes are those of 2023; no cooperative moves.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Role:
    """A cooperative that reports. `strengthened`: the year; `by`: the unit that says so, if not its own."""

    commune: str
    union_founded: bool = False
    strengthened: int | None = None
    by: str | None = None
    women: int | None = None
    """women in management offices; None draws 1 to 3"""
    leads: bool | None = None
    majority: bool | None = None
    """whether more than half of the workers are women; None leaves it open"""
    half: bool = False
    """exactly half of the workers are women: no majority"""
    status: tuple[tuple[int, str], ...] = ()
    """(year from which, status); active before. One that is dissolved is reported for that year for the last time"""
    registered_on: date | None = None
    listed_from: int | None = 2023
    woman_from: date | None = None
    """the day from which the first woman holds an office, when she was elected within the story"""
    woman_until: date | None = None
    new_jobs: tuple[int, ...] = ()
    sector: str | None = None
    kind: str = "cooperative"
    large: bool = False
    old_certificate: bool = False
    advised_by: str | None = None
    """who reports founding advice"""


ROLES = {
    # The 33 of the baseline, by district.
    "w01": Role("25245", strengthened=2024),
    "w02": Role("25244", strengthened=2023, union_founded=True),
    "w03": Role("25264", strengthened=2025),
    "w04": Role("25240"),
    "w05": Role("25276", strengthened=2024),
    "w06": Role("25270", strengthened=2023, union_founded=True),
    "w07": Role("25285", strengthened=2025, old_certificate=True),
    "w08": Role("25294", status=((2022, "ineffective"), (2024, "active"))),
    "w09": Role("25318", strengthened=2023, by="PCA"),
    "w10": Role("25312", strengthened=2023, status=((2022, "awaiting_dissolution"),)),
    "w11": Role("25320", strengthened=2023),
    "w12": Role("25354", strengthened=2025),
    "w13": Role("25438", strengthened=2024, union_founded=True),
    "w14": Role("25357", strengthened=2023, by="WU-P"),
    "w15": Role("25439", strengthened=2024),
    "w16": Role("25432", strengthened=2024, status=((2024, "suspended"), (2025, "active"))),
    "w17": Role("25402", strengthened=2023, status=((2024, "ineffective"),)),
    "w18": Role("25396", strengthened=2023, union_founded=True),
    "w19": Role("25405", strengthened=2024, union_founded=True),
    "w20": Role("25417"),
    "w21": Role("25420", status=((2022, "ineffective"), (2025, "active"))),
    "w22": Role("25363", strengthened=2025, large=True, sector="agri_services"),
    "w23": Role("25366", strengthened=2024, union_founded=True),
    "w24": Role("25378", strengthened=2023, women=1, majority=False, woman_until=date(2024, 6, 14)),
    "w25": Role("25390", leads=False),
    "w26": Role("25267", strengthened=2023, union_founded=True),
    "w27": Role("25225", strengthened=2025),
    "w28": Role("25231", strengthened=2024, by="PCA"),
    "w29": Role("25222", strengthened=2025, by="DOIT"),
    "w30": Role("25198", large=True, kind="credit_fund", sector="credit"),
    "w31": Role("25207", strengthened=2023, by="DARD"),
    "w32": Role("25213", leads=True, sector="general"),
    "w33": Role("25195", strengthened=2024),
    # Majority-female without a woman in an office.
    "m1": Role("25411", strengthened=2024, women=0, majority=True),
    "m2": Role("25303", women=0, majority=True, sector="handicraft",
               status=((2022, "not_converted"), (2025, "active"))),
    "m3": Role("25381", women=0, majority=True, status=((2023, "suspended"), (2025, "dissolved"))),
    "m4": Role("25210", women=0, majority=True, sector="processing"),
    "m5": Role("25252", women=0, majority=True, status=((2022, "ineffective"), (2024, "dissolved"))),
    "m6": Role("25279", women=0, majority=True, registered_on=date(2024, 5, 21), listed_from=2024),
    # Women elected later; the last one's unit does not report it.
    "e1": Role("25441", listed_from=2024, women=1, woman_from=date(2024, 3, 12)),
    "e2": Role("25423", listed_from=2025, women=1, woman_from=date(2025, 2, 20)),
    "e3": Role("25393", listed_from=None, women=1, woman_from=date(2025, 5, 9)),
    # Founded since the plan began: n1 to n3 meet every condition of T07, the others all but one.
    "n1": Role("25408", union_founded=True, majority=True, leads=True, women=2, new_jobs=(19, 15, 12), listed_from=2023,
               registered_on=date(2023, 6, 20)),
    "n2": Role("25351", majority=True, leads=True, women=2, new_jobs=(0, 17, 13), listed_from=2024,
               registered_on=date(2024, 4, 18), advised_by="PCA"),
    "n3": Role("25219", union_founded=True, majority=True, leads=False, women=2, new_jobs=(0, 0, 16), listed_from=2025,
               registered_on=date(2025, 3, 11), advised_by="25220"),
    "n4": Role("25201", majority=True, women=1, new_jobs=(4, 3, 1), registered_on=date(2023, 8, 15), sector="tourism"),
    "n5": Role("25369", union_founded=True, half=True, women=2, new_jobs=(0, 5, 3), listed_from=2024,
               registered_on=date(2024, 9, 10), sector="environment"),
    "n6": Role("25309", union_founded=True, majority=True, women=0, new_jobs=(0, 0, 6), listed_from=2025,
               registered_on=date(2025, 8, 5)),
    # Founded after the reform, in a commune made of parts of two districts: its old district is unknown.
    "n7": Role("25324", women=1, listed_from=2025, registered_on=date(2025, 8, 20), sector="care_education"),
}  # fmt: skip
