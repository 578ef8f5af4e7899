"""The pane under the queue: who it is, why she is first, what her plan says, what was done last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.segment import Segment
from textual.strip import Strip

from threshold_engine.model import Instant, Level
from triage_tui.widgets.marks import BOLD, fit
from triage_tui.widgets.text_lines import cut, line, wrap
from triage_tui.wording import _, clean
from triage_tui.wording.bands import level_in_sentence
from triage_tui.wording.explain import taken_words, why_first
from triage_tui.wording.people import who
from triage_tui.wording.timeline import told
from work_items.model import Band

if TYPE_CHECKING:
    from local_store.views import Person, PlanView, QueueEntry

_ZONE_OF: Final = {Band.RED: "red", Band.YELLOW: "yellow", Band.BLUE: "green"}
_LEVEL_OF: Final = {"red": Level.RED, "yellow": Level.YELLOW, "green": Level.GREEN}


def facts(person: Person) -> list[str]:
    """Programme, GP and standing warnings, as far as they are known."""
    said = [clean(person.programme or "")]
    if person.gp:
        said.append(_("GP {name}").format(name=clean(person.gp)))
    said += [clean(warning) for warning in person.warnings]
    return [text for text in said if text]


def zone_words(plan: PlanView | None, band: Band) -> str:
    """`Plan v4, rød sone: «…»`, or what is wrong with the plan."""
    if plan is None:
        return _("No valid plan.")
    if plan.problem:
        return clean(plan.problem)
    colour = _ZONE_OF[band]
    for zone in plan.zones:
        if zone.colour == colour:
            text = " ".join(part for part in (clean(zone.patient_does), clean(zone.centre_does)) if part)
            version = "?" if plan.version is None else plan.version
            words = _("Plan v{version}, {colour} zone: «{text}»")
            return words.format(version=version, colour=level_in_sentence(_LEVEL_OF[colour]), text=text)
    return _("The plan says nothing for this zone.")


def why_lines(entry: QueueEntry, width: int, height: int, now: Instant) -> list[Strip]:
    """The pane for a row, at least three lines high."""
    inner = width - 2
    person = entry.person
    head = " · ".join([who(person.name, person.birth_date, person.national_id, now), *facts(person)])
    last = told(entry.last_contact, now) if entry.last_contact else _("nobody has been in contact yet")
    held = ""
    if entry.owner_name or entry.owner_login:
        first = entry.row.items[0]
        name = clean(entry.owner_name or entry.owner_login or "")
        held = taken_words(name, first.owned_since, confirmed=not entry.owner_unconfirmed, now=now) + ". "
    plan = zone_words(entry.plan, entry.row.band) + "  " + held + _("Last: {what}").format(what=last)
    story = why_first(entry.row, entry.because, now)
    for_story = max(1, height - 2)
    told_why = cut(wrap(story, inner), for_story, inner)
    told_plan = cut(wrap(plan, inner), max(1, height - 1 - len(told_why)), inner)
    return [
        Strip([Segment(" "), Segment(fit(head, inner).rstrip(), BOLD)]),
        *[line(f" {text}") for text in told_why],
        *[line(f" {text}") for text in told_plan],
    ]
