"""The head of every screen: practice mark, who and when, how fresh, what is unsent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage_tui.lock.limits import CACHE_MS
from triage_tui.screens.console import Console
from triage_tui.widgets.head_line import Part
from triage_tui.widgets.marks import BOLD, REVERSE, WARNING
from triage_tui.wording import _, clean
from triage_tui.wording.dates import headline, when
from triage_tui.wording.faults import problem_words
from triage_tui.wording.freshness import clock_words, is_stale, stale_words, sync_words, trouble_words
from work_items import DAY

if TYPE_CHECKING:
    from threshold_engine.model import Instant


def practice_part(console: Console) -> Part:
    """`ØVELSE` in reverse video, where this is practice; nothing on the line outlasts it."""
    return Part(" " + _("PRACTICE") + " " if console.demo else "", REVERSE, keep=12)


def sync_parts(console: Console, now: Instant) -> list[Part]:
    """How fresh the cache is and what hasn't been sent; stays when all else goes."""
    state = console.sync
    if state is None:
        return [Part(_("opening …"), keep=9)]
    words = sync_words(
        last_sync=state.last_sync,
        offline_since=state.offline_since,
        unsent=state.unsent,
        oldest_unsent=state.oldest_unsent,
        now=now,
    )
    trouble = trouble_words(state.parked, state.conflicts, state.disagreements)
    return [
        Part(words, BOLD if state.offline_since is not None else Part("").style, keep=9),
        Part(trouble, WARNING, keep=9),
        Part(clock_words(state.server_time_skew_ms), WARNING, keep=8),
    ]


def who_and_when(console: Console, now: Instant) -> list[Part]:
    """The nurse's name and the time."""
    me = console.me
    return [Part(clean(me.name) if me else "", keep=4), Part(headline(now) if now else "", keep=5)]


def banner_words(console: Console, now: Instant) -> str:
    """What stands in the banner: why nothing is synced, or that what is shown is old; else nothing."""
    if console.trouble:
        return clean(console.trouble)
    state = console.sync
    if state is None:
        return ""
    if state.problem and state.stage.key in ("login-needed", "refused"):
        return problem_words(state.problem)
    if not is_stale(state.last_sync, now):
        return ""
    return " ".join(filter(None, (stale_words(state.last_sync, now), _locks_words(state.last_sync, now))))


def _locks_words(last_sync: Instant | None, now: Instant) -> str:
    """In the last day before the cache is locked: when that is."""
    if last_sync is None or now < last_sync + CACHE_MS - DAY:
        return ""
    words = _("Without a sync or a login the cache is locked {when}.")
    return words.format(when=when(last_sync + CACHE_MS, now))
