"""Late permits at the command line: grant, list and revoke them; see ingestion.intake.late_permits."""

from dataclasses import asdict
from datetime import datetime

from ingestion.intake import late_permits
from ingestion.intake.late_permits import LatePermit
from warehouse.migrations import open_warehouse
from warehouse.reference.dates_vi import instant_vi
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import plan_folder, read_reference


def grant(
    url: str, unit_code: str, year: int, reason: str, granted_by: str, granted_at: datetime, valid_until: datetime
) -> dict:
    """Permit a unit to submit files for a year, from one instant until before another. UnknownUnit where the unit is
    not on the roster of that year, PermitRefused without reason, name or duration."""
    read_reference(plan_folder()).unit(unit_code, year)
    with open_warehouse(url) as connection:
        granted = late_permits.grant_permit(connection, unit_code, year, reason, granted_by, granted_at, valid_until)
    return _described(granted, [], granted_at)


def listed(url: str, unit_code: str | None, year: int | None, as_of: datetime) -> list[dict]:
    """One dict per permit in the order of granting: its columns, `state` (coming, open, ended, revoked) as of an
    instant, and `used_by`: the receipt numbers of the files that it admitted."""
    with open_warehouse(url) as connection:
        found = late_permits.read_permits(connection, year, unit_code)
        uses = late_permits.permit_uses(connection, [each.exception_id for each in found])
    return [_described(each, uses[each.exception_id], as_of) for each in found]


def revoke(url: str, permit_id: str, revoked_by: str, revoked_at: datetime) -> dict:
    """End a permit early. PermitRefused where none has that id, or it was revoked before."""
    with open_warehouse(url) as connection:
        revoked = late_permits.revoke_permit(connection, permit_id, revoked_by, revoked_at)
        uses = late_permits.permit_uses(connection, [permit_id])
    return _described(revoked, uses[permit_id], revoked_at)


def as_table(found: list[dict]) -> list[str]:
    """Lines for a terminal, in Vietnamese, with times in Viet Nam."""
    names = (phrase(f"permit_column.{name}") for name in ("id", "state", "from", "until", "files", "reason"))
    lines = ["{:<16} {:<13} {:<17} {:<17} {:>4}  {}".format(*names)]
    for each in found:
        begin, end = (instant_vi(each[name]) for name in ("granted_at", "valid_until"))
        state, files = phrase(f"permit.{each['state']}"), len(each["used_by"])
        lines.append(
            f"{each['exception_id']:<16} {state:<13} {begin:<17} {end:<17} {files:>4}"
            f"  {each['granted_by']}: {each['reason']}"
        )
    return lines


def _described(permit: LatePermit, used_by: list[str], as_of: datetime) -> dict:
    return {**asdict(permit), "state": _state(permit, as_of), "used_by": used_by}


def _state(permit: LatePermit, as_of: datetime) -> str:
    if permit.revoked_at and permit.revoked_at <= as_of:
        return "revoked"
    if permit.is_open_at(as_of):
        return "open"
    return "coming" if as_of < permit.granted_at else "ended"
