"""Years, days and instants among the options of commands."""

from datetime import UTC, date, datetime, time, timedelta

import click


class Instant(click.ParamType):
    """An instant that has come, in ISO format, of Viet Nam where it names no time zone; gives it in UTC."""

    name = "instant"
    may_come = False
    """whether an instant in the future is accepted"""

    def convert(self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        from warehouse.reference.time_zone import instant_of

        try:
            instant = (value if isinstance(value, datetime) else instant_of(value)).astimezone(UTC)
        except (ValueError, OverflowError):  # the first and the last day have instants outside of all years
            self.fail(f"{value!r} is not an instant such as 2025-11-28T16:30.", param, ctx)
        if instant > datetime.now(UTC) and not self.may_come:
            self.fail(f"{value} is in the future.", param, ctx)
        return instant


class AnyInstant(Instant):
    """An instant, also in the future: for commands that only look."""

    may_come = True


class LastDay(Instant):
    """An instant, or a day: its end in Viet Nam; also in the future."""

    name = "day"
    may_come = True

    def convert(self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        from warehouse.reference.time_zone import VIET_NAM

        try:
            day = date.fromisoformat(str(value))
            return datetime.combine(day + timedelta(days=1), time(), VIET_NAM).astimezone(UTC)
        except (ValueError, OverflowError):
            return super().convert(value, param, ctx)


class Day(click.ParamType):
    """A day, as an office writes it (29/12/2025) or in ISO format."""

    name = "day"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        for written in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                return datetime.strptime(value, written).date()
            except ValueError:
                continue
        self.fail(f"{value!r} is not a day such as 29/12/2025 or 2025-12-29.", param, ctx)


INSTANT, LAST_DAY, DAY = Instant(), LastDay(), Day()
YEAR, PHASE = click.IntRange(1, 9999), click.IntRange(1, 99)


def as_of(meaning: str, only_looks: bool = False):
    """The option --as-of: an instant, now by default; one in the future for a command that only looks."""
    of_type, more = (AnyInstant(), " Also in the future.") if only_looks else (INSTANT, "")
    return click.option("--as-of", type=of_type, default=_now, help=f"{meaning}; now by default.{more}")


def _now() -> datetime:
    return datetime.now(UTC)
