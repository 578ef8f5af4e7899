"""The pane under the queue: who it is, why she is first, what her plan says, what was done last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from threshold_engine.model import Instant, Level
from triage_tui.widgets.marks import BOLD, fit
from triage_tui.widgets.text_lines import cut, line, wrap
from triage_tui.wording import _, clean
from triage_tui.wording.acts import shelving_reason
from triage_tui.wording.bands import level_in_sentence
from triage_tui.wording.dates import when
from triage_tui.wording.explain import taken_words, why_first
from triage_tui.wording.people import who
from triage_tui.wording.plan_problems import plan_problem
from triage_tui.wording.timeline import done
from work_items.model import Band
from work_items.order import comes_back

if TYPE_CHECKING:
    from local_store.views import Person, PlanView, QueueEntry

MEASURE: Final = 96
"""Cells of a line at most: each move of the cursor sends the pane anew, over a mobile line too."""

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
        return plan_problem(plan.problem)
    colour = _ZONE_OF[band]
    for zone in plan.zones:
        if zone.colour == colour:
            text = " ".join(part for part in (clean(zone.patient_does), clean(zone.centre_does)) if part)
            version = "?" if plan.version is None else plan.version
            words = _("Plan v{version}, {colour} zone: «{text}»")
            return words.format(version=version, colour=level_in_sentence(_LEVEL_OF[colour]), text=text)
    return _("The plan says nothing for this zone.")


def _last(entry: QueueEntry, now: Instant) -> str:
    """Whose she is, and what was done last."""
    what = done(entry.last_contact, now) if entry.last_contact else _("nobody has been in contact yet")
    last = _("Last: {what}").format(what=what)
    if not (entry.owner_name or entry.owner_login):
        return last
    name = clean(entry.owner_name or entry.owner_login or "")
    since = entry.row.items[0].owned_since
    held = taken_words(name, since, confirmed=not entry.owner_unconfirmed, now=now)
    if entry.idle:
        held += ", " + _("no action")
    return f"{held[:1].upper()}{held[1:]}. {last}"


def _put_off(entry: QueueEntry, now: Instant) -> str:
    """`Utsatt til i morgen 08:00: venter på ny måling. `, where she isn't in the queue."""
    if not entry.put_off:
        return ""
    words = _("Shelved until {when}").format(when=when(comes_back(entry.row.items), now))
    why = next((item.shelved_because for item in entry.row.items if item.shelved_because), None)
    return f"{words}: {shelving_reason(why)}. " if why else f"{words}. "


def why_lines(
    entry: QueueEntry, width: int, height: int, now: Instant, known_until: Instant | None = None
) -> list[Strip]:
    """The pane for a row, at least three lines high: who, why, and plan with what was done last.

    `known_until`: when the server was last asked.
    """
    inner = min(width - 2, MEASURE)
    person = entry.person
    head = " · ".join([who(person.name, person.birth_date, person.national_id, now), *facts(person)])
    why = why_first(entry.row, entry.because, now, known_until)
    story = cut(wrap(_put_off(entry, now) + why, inner), max(1, height - 2), inner)
    plan, last = zone_words(entry.plan, entry.row.band), _last(entry, now)
    room = height - 1 - len(story)
    if room < 2 and cell_len(plan) + cell_len(last) + 2 > inner:  # what was done last is never cut away
        tail = [fit(plan, max(0, inner - cell_len(last) - 2)) + "  " + last]
    else:
        tail = cut(wrap(f"{plan}  {last}", inner), room, inner)
    return [
        Strip([Segment(" "), Segment(fit(head, inner).rstrip(), BOLD)]),
        *[line(f" {text}") for text in (*story, *tail)],
    ]
