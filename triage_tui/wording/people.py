"""Who it is, in words: name, age, last digits of the number."""

from __future__ import annotations

from datetime import date

from threshold_engine.model import Instant
from triage_tui.wording.dates import full_date, local_day
from triage_tui.wording.language import gettext as _
from triage_tui.wording.safe_text import clean


def _day(iso: str | None) -> date | None:
    try:
        return date.fromisoformat(iso) if iso else None
    except ValueError:
        return None  # FHIR allows a part of a date


def age(birth_date: str | None, now: Instant) -> int | None:
    """Whole years at `now`, or none where the birth date isn't fully known."""
    born = _day(birth_date)
    if born is None:
        return None
    today = local_day(now)
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def age_in_words(birth_date: str | None, now: Instant) -> str:
    """`72 år`, or `alder ukjent`."""
    years = age(birth_date, now)
    return _("age unknown") if years is None else _("{n} years").format(n=years)


def last_digits(national_id: str | None) -> str:
    """`…216`: enough to tell two of one name apart, too little to copy."""
    digits = clean(national_id or "").strip()
    return f"…{digits[-3:]}" if len(digits) >= 6 else _("no number")


def birth_day(birth_date: str | None) -> str:
    """`13.01.1954`, or as much as is known."""
    born = _day(birth_date)
    return full_date(born) if born else clean(birth_date or "?")


def heading_name(name: str) -> str:
    """`HANSEN, Nils`: the family name in capitals, as over a chart."""
    family, comma, given = clean(name).partition(",")
    return f"{family.upper()}{comma}{given}"


def who(
    name: str, birth_date: str | None, national_id: str | None, now: Instant, *, born: bool = False
) -> str:
    """`Hansen, Nils · 72 år · …216`, with `born` the birth date too: in the title of every act."""
    day = [birth_day(birth_date)] if born else []
    parts = [clean(name) or _("no name"), age_in_words(birth_date, now), *day, last_digits(national_id)]
    return " · ".join(parts)


def full_birth(birth_date: str | None) -> str:
    """`født 13.01.1954`, as an act echoes it."""
    return _("born {date}").format(date=birth_day(birth_date))
