"""`v` and `triage report handover`: what whoever comes on has to know."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from threshold_engine import format_instant
from triage_tui.reports.own_numbers import own_numbers
from triage_tui.reports.report import Cell, Column, Report, Section, cell
from triage_tui.wording import _, clean, reason
from triage_tui.wording.acts import act_words, shelving_reason
from triage_tui.wording.bands import band_word
from triage_tui.wording.dates import when
from triage_tui.wording.explain import taken_words
from triage_tui.wording.freshness import sync_words
from triage_tui.wording.outcomes import outcome_word
from triage_tui.wording.people import who
from triage_tui.wording.timeline import told
from work_items import Band, ItemCode, Outcome, comes_back

if TYPE_CHECKING:
    from local_store.shift_view import ShiftView
    from local_store.views import Nurse, Person, QueueEntry, TimelineEntry
    from threshold_engine.model import Instant

_TELLING: Final = ("escalation", "pause", "resume")
"""Of whomever they are, these are worth telling."""
_WRITTEN: Final = ("note", "contact", "message")
"""These are, where she stands red or was escalated."""
_GRAVE: Final = (Outcome.ADMITTED.value, Outcome.ESCALATED_ACUTE.value)


def handover(view: ShiftView, me: Nurse | None, centre: str) -> Report:
    """The report of a shift: open, taken, put off, waiting for the GP, unsent, worth telling, its numbers."""
    entries = view.queue.entries
    sections = (
        _queue_section(view, "open", _("Open, nobody has them"), [e for e in entries if not _held(e)]),
        _queue_section(view, "taken", _("Taken"), [e for e in entries if _held(e)]),
        _put_off(view),
        _waiting(view),
        _unsent(view),
        _worth_telling(view),
        own_numbers(view, me),
    )
    return Report(
        name="handover",
        title=_("Handover"),
        about=about(view, centre),
        made=view.now,
        start=view.start,
        end=view.end,
        sections=sections,
        patients=_patients(view),
    )


def about(view: ShiftView, centre: str) -> str:
    """Which centre, which time, how fresh."""
    status = view.queue.status
    span = _("{begin} to {end}").format(begin=when(view.start, view.now), end=when(view.end, view.now))
    fresh = sync_words(
        last_sync=status.last_sync,
        offline_since=status.offline_since,
        unsent=status.unsent,
        oldest_unsent=status.oldest_unsent,
        now=view.now,
    )
    return " · ".join(part for part in (clean(centre), span, fresh) if part)


def _held(entry: QueueEntry) -> bool:
    return (entry.owner_name or entry.owner_login) is not None


def person_cells(person: Person, now: Instant) -> tuple[Cell, ...]:
    """Id (not shown) and who it is."""
    return (
        cell(person.id, ""),
        cell(person.name, who(person.name, person.birth_date, person.national_id, now)),
    )


def columns(*more: tuple[str, str]) -> tuple[Column, ...]:
    """Id and name, then these."""
    return (Column("patient", _("id")), Column("name", _("patient")), *(Column(*one) for one in more))


def _queue_section(view: ShiftView, key: str, title: str, entries: Iterable[QueueEntry]) -> Section:
    now = view.now
    rows = []
    for entry in entries:
        first = entry.row.items[0]
        told_why = reason(first, entry.because.get(first.task), now, view.queue.status.last_sync)
        more = len(entry.row.items) - 1
        rows.append(
            (
                *person_cells(entry.person, now),
                cell(entry.row.band.word, band_word(entry.row.band)),
                cell(
                    format_instant(entry.row.respond_by),
                    _("due {when}").format(when=when(entry.row.respond_by, now)),
                ),
                cell(told_why, f"{told_why} +{more}" if more else told_why),
                cell(entry.owner_name or entry.owner_login, _owner_words(entry, now)),
            )
        )
    named = columns(
        ("band", _("band")), ("respond_by", _("due")), ("reason", _("alert")), ("owner", _("with"))
    )
    return Section(key, title, named, rows, _("Nobody."))


def _owner_words(entry: QueueEntry, now: Instant) -> str:
    name = entry.owner_name or entry.owner_login
    if name is None:
        return ""
    since = entry.row.items[0].owned_since
    words = taken_words(clean(name), since, confirmed=not entry.owner_unconfirmed, now=now)
    return words + ", " + _("no action") if entry.idle else words


def _put_off(view: ShiftView) -> Section:
    rows = []
    for entry in view.queue.put_off:
        back = comes_back(entry.row.items)
        why = next((item.shelved_because for item in entry.row.items if item.shelved_because), None)
        rows.append(
            (
                *person_cells(entry.person, view.now),
                cell(entry.row.band.word, band_word(entry.row.band)),
                cell(format_instant(back), _("until {when}").format(when=when(back, view.now))),
                cell(why, shelving_reason(why) if why else ""),
                cell(entry.owner_name or entry.owner_login, _owner_words(entry, view.now)),
            )
        )
    named = columns(("band", _("band")), ("until", _("until")), ("reason", _("why")), ("owner", _("with")))
    return Section("shelved", _("Shelved"), named, rows, _("Nobody."))


def _waiting(view: ShiftView) -> Section:
    waiting = [
        item
        for item in view.items
        if item.state.is_open and item.code in (ItemCode.ESCALATION, ItemCode.GP_OVERDUE)
    ]
    rows = [
        (
            *person_cells(view.person(item.patient), view.now),
            cell(item.code.value, reason(item, None, view.now)),
            cell(format_instant(item.raised), _("since {begin}").format(begin=when(item.raised, view.now))),
            cell(_name(view, item.owner), clean(_name(view, item.owner) or "")),
        )
        for item in waiting
    ]
    named = columns(("what", _("what")), ("since", _("since")), ("owner", _("by")))
    return Section("waiting", _("Waiting for the GP"), named, rows, _("Nobody."))


def _name(view: ShiftView, owner: str | None) -> str | None:
    return None if owner is None else view.owners.get(owner, owner)


def _unsent(view: ShiftView) -> Section:
    rows = []
    for act in view.unsent.acts:
        person = person_cells(act.person, view.now) if act.person else (cell(None), cell(None))
        words = act_words(act.act, act.summary, view.now)
        rows.append(
            (
                *person,
                cell(act.act, words),
                cell(format_instant(act.at), when(act.at, view.now)),
                cell(act.state, _state(act.state)),
            )
        )
    named = columns(("act", _("act")), ("at", _("when")), ("state", _("state")))
    return Section("unsent", _("Not sent yet"), named, rows, _("The server has all that you did."))


def _state(state: str) -> str:
    return {"parked": _("refused"), "conflict": _("in conflict"), "pending": _("waiting")}.get(state, state)


def _worth_telling(view: ShiftView) -> Section:
    """Escalations and pauses, what was said to those who stand red, who was admitted; oldest first."""
    red = {entry.row.patient for entry in view.queue.entries if entry.row.band is Band.RED}
    found: list[tuple[Instant, str, str, str]] = []
    for patient, entries in view.entries.items():
        grave = patient in red or any(entry.kind == "escalation" for entry in entries)
        kinds = (*_TELLING, *_WRITTEN) if grave else _TELLING
        found += [
            (entry.at, patient, entry.kind, _told(entry, view.now))
            for entry in entries
            if entry.kind in kinds
        ]
    for item in view.closed:
        if item.outcome in _GRAVE and item.closed_at is not None:
            words = f"{when(item.closed_at, view.now)} {outcome_word(item.outcome)}"
            found.append((item.closed_at, item.patient, "outcome", words))
    rows = [
        (
            *person_cells(view.person(patient), view.now),
            cell(kind, ""),
            cell(format_instant(at), ""),
            cell(words),
        )
        for at, patient, kind, words in sorted(found)
    ]
    named = columns(("kind", _("what")), ("at", _("when")), ("text", _("text")))
    return Section("telling", _("Worth telling"), named, rows, _("Nothing out of the usual."))


def _told(entry: TimelineEntry, now: Instant) -> str:
    return " ".join(told(entry, now).split())


def _patients(view: ShiftView) -> tuple[str, ...]:
    """Whom it tells of."""
    queue = [entry.row.patient for entry in (*view.queue.entries, *view.queue.put_off)]
    unsent = [act.person.id for act in view.unsent.acts if act.person]
    waiting = [item.patient for item in view.items if item.state.is_open]
    return tuple(dict.fromkeys([*queue, *unsent, *waiting, *view.entries, *(i.patient for i in view.closed)]))
