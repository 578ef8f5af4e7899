"""Instants and durations in words: Europe/Oslo, 24 hours, dd.mm.yyyy."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from triage_tui.wording.language import N_, ngettext
from triage_tui.wording.language import gettext as _

if TYPE_CHECKING:
    from threshold_engine.model import Instant

MINUTE: Final = 60_000
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

_WEEKDAYS: Final = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
_SHORT_WEEKDAYS: Final = (N_("Mo"), N_("Tu"), N_("We"), N_("Th"), N_("Fr"), N_("Sa"), N_("Su"))
_MONTHS: Final = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)
_SHORT_MONTHS: Final = (
    N_("Jan"),
    N_("Feb"),
    N_("Mar"),
    N_("Apr"),
    N_("May"),
    N_("Jun"),
    N_("Jul"),
    N_("Aug"),
    N_("Sep"),
    N_("Oct"),
    N_("Nov"),
    N_("Dec"),
)


@lru_cache(maxsize=1)
def _oslo() -> ZoneInfo:
    return ZoneInfo("Europe/Oslo")


def local(at: Instant) -> datetime:
    """`at` on the clock of Europe/Oslo."""
    seconds, ms = divmod(at, 1000)
    utc = datetime.fromtimestamp(seconds, UTC).replace(microsecond=ms * 1000)
    return utc.astimezone(_oslo())


def local_day(at: Instant) -> date:
    """The calendar day of `at` in Europe/Oslo."""
    return local(at).date()


def clock_time(at: Instant) -> str:
    """`09:40`."""
    return f"{local(at):%H:%M}"


def full_date(day: date) -> str:
    """`03.03.2026`."""
    return f"{day:%d.%m.%Y}"


def short_date(day: date) -> str:
    """`3. mar`, for a plot's axis."""
    return _("{day} {month}").format(day=day.day, month=_(_SHORT_MONTHS[day.month - 1]))


def weekday(day: date) -> str:
    """`lørdag`."""
    return _(_WEEKDAYS[day.weekday()])


def headline(at: Instant) -> str:
    """`tirsdag 3. mars 09:31`: the moment that the screen's head speaks of."""
    when = local(at)
    return _("{weekday} {day} {month} {time}").format(
        weekday=weekday(when.date()), day=when.day, month=_(_MONTHS[when.month - 1]), time=clock_time(at)
    )


def when(at: Instant, now: Instant) -> str:
    """`at` as said at `now`: `07:10`, `i går 13:02`, `lørdag 07:10`, `28.2. 07:10`, `28.02.2024 07:10`."""
    day, today = local_day(at), local_day(now)
    apart = (day - today).days
    time = clock_time(at)
    if apart == 0:
        return time
    if apart == -1:
        return _("yesterday {time}").format(time=time)
    if apart == 1:
        return _("tomorrow {time}").format(time=time)
    if abs(apart) < 7:
        return f"{weekday(day)} {time}"
    if day.year == today.year:
        return f"{day.day}.{day.month}. {time}"
    return f"{full_date(day)} {time}"


def on_day(at: Instant, now: Instant) -> str:
    """The day of `at` as one says it at `now`: `i dag`, `i går`, `lørdag`, `28.2.`, `28.02.2024`."""
    day, today = local_day(at), local_day(now)
    apart = (day - today).days
    named = {0: _("today"), -1: _("yesterday"), 1: _("tomorrow")}.get(apart)
    if named:
        return named
    if abs(apart) < 7:
        return weekday(day)
    return f"{day.day}.{day.month}." if day.year == today.year else full_date(day)


def duration(ms: int) -> str:
    """A length of time in at most two units, rounded down: `10 min`, `2 t 5 min`, `3 d 2 t`."""
    minutes = max(0, ms) // MINUTE
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        text = _("{n} h").format(n=hours)
        return text + " " + _("{n} min").format(n=minutes) if minutes else text
    days, hours = divmod(hours, 24)
    text = _("{n} d").format(n=days)
    return text + " " + _("{n} h").format(n=hours) if hours else text


def deadline(at: Instant, now: Instant) -> str:
    """`frist 09:40, om 12 min` or `frist 09:21, passert med 10 min`."""
    if now > at:
        words = _("due {when}, overdue by {duration}")
        return words.format(when=when(at, now), duration=duration(now - at))
    return _("due {when}, in {duration}").format(when=when(at, now), duration=duration(at - now))


def short_when(at: Instant, now: Instant) -> str:
    """`at` in at most eight cells: `09:40`, `ma 08:10`, `12.3.`."""
    day, today = local_day(at), local_day(now)
    if day == today:
        return clock_time(at)
    if abs((day - today).days) < 7:
        return f"{_(_SHORT_WEEKDAYS[day.weekday()])} {clock_time(at)}"
    return f"{day.day}.{day.month}."


def short_deadline(at: Instant, now: Instant) -> str:
    """The deadline in at most eight cells: `−10 min`, `−3 t`, `−2 d`, `09:40`, `ma 08:10`, `12.3.`."""
    late = now - at
    if late > 0:
        if late < HOUR:
            return "−" + _("{n} min").format(n=late // MINUTE)
        if late < DAY:
            return "−" + _("{n} h").format(n=late // HOUR)
        return "−" + _("{n} d").format(n=late // DAY)
    return short_when(at, now)


def days_ago(n: int) -> str:
    """`1 dag`, `30 dager`."""
    return ngettext("{n} day", "{n} days", n).format(n=n)
