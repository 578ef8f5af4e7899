"""An act that the server doesn't have, in words: what waits for what, and both sides of a conflict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage_tui.widgets.answer_words import answer_words
from triage_tui.wording import _, clean, ngettext
from triage_tui.wording.acts import act_word, act_words, shelving_reason
from triage_tui.wording.bands import band_word
from triage_tui.wording.dates import when
from triage_tui.wording.outcomes import outcome_word
from triage_tui.wording.timeline import told
from work_items.model import Item, ItemState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from local_store.unsent_view import UnsentAct
    from threshold_engine.model import Instant


def state_word(state: str) -> str:
    """`konflikt`, `avvist`, `venter`."""
    return {
        "conflict": _("in conflict"),
        "parked": _("refused"),
        "pending": _("waiting"),
    }.get(state, clean(state))


def group_words(state: str) -> str:
    """The heading of a group."""
    return {
        "conflict": _("in conflict: choose which counts"),
        "parked": _("refused by the server"),
        "pending": _("waiting to be sent"),
    }.get(state, clean(state))


def why_words(act: UnsentAct, now: Instant) -> str:
    """Why the server doesn't have it, on one line: its answer, what it waits for, or that it only waits."""
    parts = [answer_words(act.answer) if act.answer else "", waits_words(act, now)]
    return " · ".join(part for part in parts if part) or _("waits for the next sync")


def waits_words(act: UnsentAct, now: Instant) -> str:
    """`venter på: kontakt 08:10 (avvist)`; empty where it waits for nothing but the server."""
    if not act.waits_for:
        return ""
    parts = []
    for other in act.waits_for:
        words = f"{act_word(other.act)} {when(other.at, now)}"
        parts.append(words if other.state == "pending" else f"{words} ({state_word(other.state)})")
    return _("waits for: {acts}").format(acts=", ".join(parts))


def mine_words(act: UnsentAct, now: Instant) -> str:
    """What the nurse did: `08:10 fullførte den: råd gitt`."""
    return f"{when(act.at, now)} {act_words(act.act, act.summary, now)}"


def theirs_words(act: UnsentAct, now: Instant) -> list[str]:
    """What has become of the items meanwhile, a line each: `RØD · hos Ola Hansen siden 08:05`."""
    worst_first = sorted(act.items, key=lambda item: (not item.state.is_open, -item.band))
    seen = dict.fromkeys(_item_words(item, act.owners or {}, now) for item in worst_first)
    return list(seen) or [_("it isn't in the cache any more")]


def kept_words(act: UnsentAct, now: Instant) -> list[str]:
    """What stays whatever is chosen, newest first."""
    return [told(entry, now) for entry in act.kept] or [_("no notes and no contacts about it")]


def also_words(also: Sequence[tuple[str, Instant]], now: Instant) -> str:
    """`Også trukket tilbake: gjenåpnet den 08:12`; empty where nothing fell with it."""
    if not also:
        return ""
    acts = ", ".join(f"{act_word(act)} {when(at, now)}" for act, at in also)
    return _("Withdrawn with it: {acts}.").format(acts=acts)


def counts_words(conflicts: int, parked: int, pending: int) -> str:
    """`1 i konflikt · 2 avvist · 3 venter`."""
    return " · ".join(
        (
            ngettext("{n} in conflict", "{n} in conflict", conflicts).format(n=conflicts),
            ngettext("{n} refused", "{n} refused", parked).format(n=parked),
            ngettext("{n} waiting", "{n} waiting", pending).format(n=pending),
        )
    )


def _item_words(item: Item, owners: Mapping[str, str], now: Instant) -> str:
    name = clean(owners.get(item.owner, item.owner)) if item.owner else None
    return f"{band_word(item.band)} · {_state_words(item, name, now)}"


def _state_words(item: Item, name: str | None, now: Instant) -> str:
    if not item.state.is_open:
        return _closed_words(item, name, now)
    if name is None:
        return _("nobody has it")
    if item.state is ItemState.ON_HOLD and item.shelved_until is not None:
        return _("put off by {name} until {when}: {reason}").format(
            name=name,
            when=when(item.shelved_until, now),
            reason=shelving_reason(item.shelved_because or ""),
        )
    if item.owned_since is None:
        return _("with {name}").format(name=name)
    return _("with {name} since {when}").format(name=name, when=when(item.owned_since, now))


def _closed_words(item: Item, name: str | None, now: Instant) -> str:
    if item.state is ItemState.CANCELLED:
        return _("withdrawn: what it was about never was")
    outcome = outcome_word(item.outcome or "")
    at = when(item.closed_at, now) if item.closed_at is not None else ""
    if name is None:
        return _("closed {when}: {outcome}").format(when=at, outcome=outcome)
    return _("closed by {name} {when}: {outcome}").format(name=name, when=at, outcome=outcome)
