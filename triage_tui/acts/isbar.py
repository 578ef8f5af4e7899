"""The draft of an ISBAR report, from what the cache knows: the nurse reads it, edits it and signs.

Identification, situation, background, actual status, advice asked for: the Norwegian handover form. Nothing
is judged here, and what isn't known is said to be unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from fhir_r4.service_requests import Helper
from local_store.views import Nurse, PatientView, ReadingView, TimelineEntry
from threshold_engine.model import Instant
from triage_tui.wording import N_, _, clean
from triage_tui.wording.bands import band_word
from triage_tui.wording.dates import DAY, when
from triage_tui.wording.explain import story
from triage_tui.wording.measures import VITALS, in_sentence, short_name, value_with_unit
from triage_tui.wording.news2 import news2_words
from triage_tui.wording.people import birth_day
from triage_tui.wording.timeline import done, told
from work_items import Item, ItemCode

NEWS2: Final = ("resp_rate", "spo2", "oxygen", "bp_sys", "pulse", "consciousness", "temperature")
"""The seven parameters (Royal College of Physicians, 2017)."""
_LINES_TOLD: Final = 3
"""So many of the latest contacts and notes are told."""
_TOLD: Final = ("contact", "note", "escalation")
_FOUND: Final = (ItemCode.ALERT, ItemCode.MISSING, ItemCode.TECHNICAL)
"""What is the matter with the patient; what is only work of the nurse's is left out."""

ADVICE: Final[Mapping[Helper, str]] = {
    "gp": N_("Please assess the treatment, and whether the limits should be changed."),
    "legevakt": N_("Please assess the patient now: a visit, or admission?"),
    "113": N_("Please send an ambulance."),
    "next-of-kin": N_("Please look in on the patient, and ring us back."),
    "home-care": N_("Please visit the patient today, take the measurements, and ring us back."),
}
"""What is asked of each; the nurse writes what it really is."""


def isbar_draft(
    view: PatientView, nurse: Nurse, centre: str, helper: Helper, now: Instant, about: Sequence[str] = ()
) -> str:
    """Five lines or more, `I: … S: … B: … A: … R: …`, in the language in use.

    `about`: UUIDs of the Tasks that it is about; none: all open ones.
    """
    items = [item for item in view.items if _is_about(item, about)]
    return "\n".join(
        (
            f"I: {_identification(view, nurse, centre)}",
            f"S: {_situation(view, items, now)}",
            f"B: {_background(view, now)}",
            f"A: {_status(view, now)}",
            f"R: {_(ADVICE[helper])}",
        )
    )


def _is_about(item: Item, about: Sequence[str]) -> bool:
    return item.code in _FOUND and (item.task in about if about else item.state.is_open)


def _identification(view: PatientView, nurse: Nurse, centre: str) -> str:
    person = view.person
    return _("{nurse}, {centre}. About {name}, born {date}.").format(
        nurse=clean(nurse.name),
        centre=clean(centre) or _("the follow-up centre"),
        name=clean(person.name),
        date=birth_day(person.birth_date),
    )


def _situation(view: PatientView, items: Sequence[Item], now: Instant) -> str:
    if not items:
        return _("No alert is open.")
    told_of = []
    for item in items:
        because = view.because.get(item.task, ())
        # who found it is nothing to whoever reads the report
        words = story(replace(item, local=False), because[-1] if because else None, now)
        told_of.append(f"{band_word(item.band)}: {words}.")
    return " ".join(told_of)


def _background(view: PatientView, now: Instant) -> str:
    person, plan = view.person, view.plan
    parts = [clean(text) for text in person.diagnoses] or [clean(person.programme or "")]
    parts += [clean(warning) for warning in person.warnings]
    if plan is not None and plan.version is not None:
        parts.append(_("self-treatment plan v{version}").format(version=plan.version))
        if plan.approved_by:
            parts[-1] += " " + _("approved by {name}").format(name=clean(plan.approved_by))
    known = ", ".join(part for part in parts if part) or _("unknown")
    latest = [entry for entry in view.timeline if entry.kind in _TOLD][:_LINES_TOLD]
    said = "; ".join(_line(entry, now) for entry in latest)
    return f"{known}. " + (_("Latest: {entries}.").format(entries=said) if said else _("No contact before."))


def _line(entry: TimelineEntry, now: Instant) -> str:
    """A report within a report is only named."""
    return done(entry, now) if entry.kind == "escalation" else told(replace(entry, sent=True), now)


def _status(view: PatientView, now: Instant) -> str:
    newest = _newest(view.readings)
    codes = [code for code in (*VITALS, *NEWS2) if code in newest]
    values = [_told(newest[code], now) for code in dict.fromkeys(codes)]
    known = {code for code, reading in newest.items() if reading.effective > now - DAY}
    measured = ", ".join(values) or _("No readings")
    parts = [f"{measured}."]
    if view.news2 is not None:
        parts.append(f"{news2_words(view.news2.total, view.news2.known)}.")
    unknown = [in_sentence(short_name(code)) for code in NEWS2 if code not in known]
    if unknown:
        parts.append(_("Not measured in the last 24 hours: {names}.").format(names=", ".join(unknown)))
    return " ".join(parts)


def _newest(readings: Sequence[ReadingView]) -> dict[str, ReadingView]:
    """Of each code the newest that counts; they come newest first."""
    found: dict[str, ReadingView] = {}
    for reading in readings:
        if reading.plausible and reading.status not in ("entered-in-error", "cancelled"):
            found.setdefault(reading.code, reading)
    return found


def _told(reading: ReadingView, now: Instant) -> str:
    value = (reading.comparator or "") + value_with_unit(reading.code, reading.value)
    return f"{in_sentence(short_name(reading.code))} {value} ({when(reading.effective, now)})"
