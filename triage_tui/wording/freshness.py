"""How old is what I see: the sync line, the stale banner, and when an empty queue may be called empty."""

from __future__ import annotations

from typing import Final

from threshold_engine.model import Instant
from triage_tui.wording.dates import HOUR, MINUTE, duration, short_when, when
from triage_tui.wording.language import gettext as _
from triage_tui.wording.language import ngettext

STALE_AFTER: Final = 15 * MINUTE
"""Without a sync for longer than this a banner stands, and no queue is called empty."""

CLOCK_OFF: Final = 2 * MINUTE
"""A clock that is farther off the server's than this is shown."""
OLD_AFTER: Final = 4 * HOUR
"""Without a sync for longer than this each row says how old it is."""


def is_stale(last_sync: Instant | None, now: Instant) -> bool:
    """Whether what is on the screen may no longer be true."""
    return last_sync is None or now - last_sync > STALE_AFTER


def is_old(last_sync: Instant | None, now: Instant) -> bool:
    """Whether each row has to say how old it is."""
    return last_sync is not None and now - last_sync > OLD_AFTER


def as_of(last_sync: Instant, now: Instant) -> str:
    """`pr. 07:40`, `pr. ma 07:40`: short enough for each row."""
    return _("as of {when}").format(when=short_when(last_sync, now))


def sync_words(
    *,
    last_sync: Instant | None,
    offline_since: Instant | None,
    unsent: int,
    oldest_unsent: Instant | None,
    now: Instant,
) -> str:
    """`synk 09:27 · 0 usendt`, or `FRAKOBLET siden 07:58 · 6 usendt (eldste 08:10)`.

    `unsent`: all acts that the server doesn't have, those refused and in conflict too.
    """
    if offline_since is not None:
        first = _("OFFLINE since {when}").format(when=when(offline_since, now))
    elif last_sync is None:
        first = _("not synced yet")
    else:
        first = _("synced {when}").format(when=when(last_sync, now))
    words = ngettext("{n} unsent", "{n} unsent", unsent).format(n=unsent)
    if unsent and oldest_unsent is not None:
        words += " " + _("(oldest {when})").format(when=when(oldest_unsent, now))
    return f"{first} · {words}"


def unknown_words(last_sync: Instant | None, now: Instant) -> str:
    """`ukjent siden 07:58`: whether anything was measured since isn't known here; empty while it is."""
    if last_sync is None or not is_stale(last_sync, now):
        return ""
    return _("unknown since {when}").format(when=when(last_sync, now))


def trouble_words(parked: int, conflicts: int, disagreements: int = 0) -> str:
    """`2 avvist · 1 konflikt · 1 varsel ulikt serverens`, or nothing where there is no trouble."""
    parts = []
    if parked:
        parts.append(ngettext("{n} refused", "{n} refused", parked).format(n=parked))
    if conflicts:
        parts.append(ngettext("{n} conflict", "{n} conflicts", conflicts).format(n=conflicts))
    if disagreements:
        words = ngettext(
            "{n} alert differs from the server's", "{n} alerts differ from the server's", disagreements
        )
        parts.append(words.format(n=disagreements))
    return " · ".join(parts)


def clock_words(skew_ms: int | None) -> str:
    """`klokka går 3 min feil`, where this machine's clock is more than two minutes off the server's."""
    if skew_ms is None or abs(skew_ms) <= CLOCK_OFF:
        return ""
    return _("clock off by {duration}").format(duration=duration(abs(skew_ms)))


def disagreement_words(n: int) -> str:
    """What it means that console and server find different alerts, and what to do."""
    words = ngettext(
        "{n} alert is found only here or only on the server, though everything has been fetched.",
        "{n} alerts are found only here or only on the server, though everything has been fetched.",
        n,
    )
    return words.format(n=n) + " " + _("Go by both, and tell whoever looks after the system.")


def stale_words(last_sync: Instant | None, now: Instant) -> str:
    """The banner: `Ikke synkronisert siden 07:58 (1 t 33 min). Det kan ha kommet nytt.`"""
    if last_sync is None:
        return _("Never synced: what is shown here isn't complete.")
    words = _("Not synced since {when} ({duration}). Something new may have come. F5: sync now.")
    return words.format(when=when(last_sync, now), duration=duration(now - last_sync))


def empty_words(
    *, loaded: bool, last_sync: Instant | None, offline_since: Instant | None, now: Instant
) -> str:
    """What an empty list says: `empty` only where everything has loaded and the last sync is fresh."""
    if not loaded:
        if offline_since is not None:
            return _("The queue isn't loaded yet, and the server can't be reached. F5 tries again.")
        return _("Fetching the queue. It isn't complete before all types have loaded.")
    if last_sync is None or is_stale(last_sync, now):
        since = when(last_sync, now) if last_sync is not None else "?"
        return _("Nothing was waiting at {when}. Not synced since, so this may have changed.").format(
            when=since
        )
    return _("The queue is empty: nobody is waiting. Synced {when}.").format(when=when(last_sync, now))
