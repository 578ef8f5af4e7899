"""What stands over everything on the patient's screen: who it is, and the tabs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from threshold_engine.model import Instant, Level
from threshold_engine.rules import ScoreRule
from triage_tui.screens.actions import PATIENT
from triage_tui.screens.patient.page import TABS
from triage_tui.widgets.head_line import Part
from triage_tui.widgets.marks import BAND_STYLES, BOLD, LEVEL_STYLES, PLAIN, REVERSE
from triage_tui.wording import _, clean, ngettext
from triage_tui.wording.bands import band_sign, band_word, level_word
from triage_tui.wording.explain import taken_words
from triage_tui.wording.people import age_in_words, birth_day, heading_name, last_digits
from work_items import Band, Touch, taken_without_action

if TYPE_CHECKING:
    from local_store.views import PatientView, Person
    from triage_tui.chart.views import PlanHistory
    from triage_tui.screens.console import Console
    from triage_tui.widgets.subject import Subject

_ACTIONS: Final = {action.id: action for action in PATIENT}
_NAMESAKES: Final = 3
"""So many names like hers are told."""


def identity_parts(person: Person, band: Band | None, now: Instant) -> list[Part]:
    """`HANSEN, Nils`, age, birth date and last digits, what she has, how urgent it is."""
    ill = ", ".join(clean(text) for text in person.diagnoses) or clean(person.programme or "")
    return [
        Part(heading_name(person.name) or _("no name"), BOLD, keep=10, least=8),
        Part(age_in_words(person.birth_date, now), BOLD, keep=9),
        Part(birth_day(person.birth_date), BOLD, keep=7),
        Part(last_digits(person.national_id), BOLD, keep=9),
        Part(ill, keep=1),
        _urgency(band),
    ]


def _urgency(band: Band | None) -> Part:
    """The band of her worst open item, as in the queue; green where nothing is open."""
    if band is None:
        return Part(level_word(Level.GREEN), LEVEL_STYLES[Level.GREEN], keep=9)
    return Part(f"{band_sign(band).rstrip()} {band_word(band)}", BAND_STYLES[band], keep=9)


def fact_words(person: Person) -> list[str]:
    """Standing warnings, telephone, next of kin, GP; in this order of staying."""
    said = [clean(warning) for warning in person.warnings]
    if person.phone:
        said.append(_("tel. {number}").format(number=clean(person.phone)))
    for kin in person.next_of_kin:
        name = clean(kin.name) + (f" ({clean(kin.relationship)})" if kin.relationship else "")
        said.append(_("next of kin {name}").format(name=f"{name} {clean(kin.phone or '')}".strip()))
    if person.gp:
        said.append(_("GP {name}").format(name=clean(person.gp)))
    return said


def scale_words(history: PlanHistory, now: Instant) -> str:
    """`SpO₂-skala 2`: by which scale her plan's NEWS2 takes oxygen saturation; empty for the usual one."""
    version = history.plan.in_force(now) if history.plan else None
    scales = [rule.scale for rule in version.rules if isinstance(rule, ScoreRule)] if version else []
    return _("SpO₂ scale {n}").format(n=scales[0]) if scales and scales[0] != 1 else ""


def held_words(view: PatientView, subject: Subject, now: Instant) -> str:
    """`tatt av Kari Nordmann 08:10`, with `ingen handling` where a red item was left for half an hour."""
    if subject.owner_name is None:
        return ""
    held = taken_words(clean(subject.owner_name), subject.owned_since, confirmed=True, now=now)
    touches = [
        Touch(
            at=entry.at, kind="contact" if entry.kind == "contact" else "note", about=frozenset(entry.about)
        )
        for entry in view.timeline
        if entry.kind in ("contact", "note", "escalation")
    ]
    if any(taken_without_action(item, touches, now) for item in subject.items):
        held += ", " + _("no action")
    return held


def namesake_words(names: Sequence[str]) -> str:
    """`! Forveksling: også Hansen, Nils A. følges opp her`; empty where nobody has a name like hers."""
    if not names:
        return ""
    words = ngettext(
        "! Look twice: {names} is a patient here, too",
        "! Look twice: {names} are patients here, too",
        len(names),
    )
    shown = "; ".join(clean(name) for name in names[:_NAMESAKES])
    return words.format(names=shown + (" …" if len(names) > _NAMESAKES else ""))


def tab_parts(console: Console, shown: str, unread: int, *, wide: bool) -> list[Part]:
    """The tabs' names with their keys, the one shown in reverse video; messages with how many are unread."""
    blank = " " if wide else ""
    count = {"messages": f" ({unread})" if unread else ""}
    return [
        Part(
            f"{blank}{console.key(_ACTIONS[f'tab.{name}'])} {_(word)}{count.get(name, '')}{blank}",
            REVERSE if name == shown else PLAIN,
            keep=9,
            goes=f"tab({name!r})",
        )
        for name, word in TABS
    ]


def trend_keys(console: Console) -> str:
    """What moves the trend: `←→ mål  +− dager  T tabell`."""

    def keys(*actions: str) -> str:
        shown = [console.key(_ACTIONS[f"trend.{action}"]) for action in actions]
        return ("" if all(len(key) == 1 for key in shown) else " ").join(shown)

    return _("{measure} measure  {days} days  {table} table").format(
        measure=keys("before", "other"), days=keys("longer", "shorter"), table=keys("table")
    )
