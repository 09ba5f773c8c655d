"""Parse days and instants from command-line options."""

from datetime import UTC, date, datetime, time, timedelta

import click


def instant_of(text: str | None) -> datetime | None:
    """Parse ISO text with a time zone to UTC; None for None. Raises click.UsageError."""
    return None if text is None else _instant(text)


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.UsageError(f"{text!r} is not an instant such as 2025-11-28T16:30:00+07:00.") from error
    if instant.tzinfo is None:
        raise click.UsageError(f"{text!r} has no time zone: add +07:00 for Viet Nam.")
    return instant.astimezone(UTC)


def clock_of(text: str | None) -> datetime:
    """The clock of a command, in UTC: ISO text, by default in the time zone of Viet Nam; now for None."""
    from warehouse.reference.time_zone import VIET_NAM

    if text is None:
        return datetime.now(UTC)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.UsageError(f"{text!r} is not an instant such as 2025-12-26T08:00.") from error
    return (instant if instant.tzinfo else instant.replace(tzinfo=VIET_NAM)).astimezone(UTC)


def end_of(text: str) -> datetime:
    """Parse a day to its end in Viet Nam, or an instant; in UTC."""
    from warehouse.reference.time_zone import VIET_NAM

    try:
        day = date.fromisoformat(text)
    except ValueError:
        return _instant(text)
    return datetime.combine(day + timedelta(days=1), time(), VIET_NAM).astimezone(UTC)
