"""The shift's own numbers: what the centre did in the stretch, and what of it the nurse herself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage_tui.reports.report import Column, Section, cell
from triage_tui.wording import _

if TYPE_CHECKING:
    from local_store.shift_view import ShiftView
    from local_store.views import Nurse


def own_numbers(view: ShiftView, me: Nurse | None) -> Section:
    """A line for each number: of all, and of the nurse who is logged in."""
    entries = [entry for of_patient in view.entries.values() for entry in of_patient]
    mine = [entry for entry in entries if me is not None and entry.author == me.name]
    closed = [
        item for item in view.closed if item.outcome != "self-resolved" and item.state.value == "completed"
    ]
    told = [
        ("raised", _("alerts raised"), len(view.raised), None),
        (
            "completed",
            _("completed by a nurse"),
            len(closed),
            sum(me is not None and item.owner == me.reference for item in closed),
        ),
        (
            "self-resolved",
            _("resolved by themselves"),
            sum(i.outcome == "self-resolved" for i in view.closed),
            None,
        ),
    ]
    for kind, words in (
        ("contact", _("contacts")),
        ("note", _("notes")),
        ("message", _("messages to patients")),
        ("escalation", _("escalations")),
    ):
        of_kind = [
            [e for e in side if e.kind == kind and e.corrects is None and not e.inbound]
            for side in (entries, mine)
        ]
        told.append((kind, words, len(of_kind[0]), len(of_kind[1])))
        if kind == "contact":
            reached = [sum(entry.reached is True for entry in side) for side in of_kind]
            told.append(("reached", _("of these reached"), reached[0], reached[1]))
    rows = [
        (
            cell(key, ""),
            cell(words),
            cell(n, str(n)),
            cell(own, "" if own is None else _("of these mine: {n}").format(n=own)),
        )
        for key, words, n, own in told
    ]
    columns = (
        Column("number", _("number")),
        Column("words", _("what")),
        Column("all", _("all")),
        Column("mine", _("mine")),
    )
    return Section("numbers", _("The shift in numbers"), columns, rows, "")
