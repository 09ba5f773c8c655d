"""Days and instants as they are typed at a prompt."""

from datetime import UTC, date, datetime, time, timedelta

import click


def instant_of(text: str | None) -> datetime | None:
    """An instant in UTC from ISO text that says its time zone; None from None. Wrong use otherwise."""
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.UsageError(f"{text!r} is not an instant such as 2025-11-28T16:30:00+07:00.") from error
    if instant.tzinfo is None:
        raise click.UsageError(f"{text!r} does not say its time zone: add +07:00 for Viet Nam.")
    return instant.astimezone(UTC)


def clock_of(text: str | None) -> datetime:
    """The instant to act by, in UTC: ISO text, of Viet Nam where it names no time zone; now from None."""
    from warehouse.reference.deadlines import VIET_NAM

    if text is None:
        return datetime.now(UTC)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.UsageError(f"{text!r} is not an instant such as 2025-12-26T08:00.") from error
    return (instant if instant.tzinfo else instant.replace(tzinfo=VIET_NAM)).astimezone(UTC)


def end_of(text: str) -> datetime:
    """The end of a day in Viet Nam, or an instant, in UTC."""
    from warehouse.reference.deadlines import VIET_NAM

    try:
        day = date.fromisoformat(text)
    except ValueError:
        return instant_of(text)
    return datetime.combine(day + timedelta(days=1), time(), VIET_NAM).astimezone(UTC)
