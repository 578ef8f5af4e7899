"""A patient whose every string is the same text. Not a test file."""

from __future__ import annotations

from dataclasses import replace

from made_up_chart import made_up_chart
from practice_centre import NOW, PracticeSession, entry, nils, person, plan, queue, row, timeline

from local_store.views import Contact, PatientView, PersonLine, ReadingView, Zone
from triage_tui.chart.views import (
    AnsweredForm,
    Approved,
    Chart,
    EscalationState,
    FormAnswer,
    Picture,
    ThreadMessage,
)
from triage_tui.screens.patient_acts import CentreWords
from work_items.model import Item


def hostile(text: str) -> PracticeSession:
    """One patient whose every string is `text`."""
    base = nils()
    one: Item = replace(base.row.items[0], patient="p1", owner=text, earlier_outcome=text)
    who = person(
        "p1", text, text, national_id=text, phone=text, gp=text, programme=text,
        warnings=(text, text), diagnoses=(text,), next_of_kin=(Contact(text, text, text),),
    )  # fmt: skip
    zones = tuple(Zone(colour, text, text) for colour in ("green", "yellow", "red"))
    bad_plan = replace(plan(), title=text, approved_by=text, author=text, zones=zones)
    because = replace(base.because[one.task], kind="answer", codes=(text or "x",), measured=text)
    told = tuple(replace(e, author=text, text=text) for e in timeline())
    queued = entry(
        row(1, one),
        who,
        {one.task: because},
        owner_name=text,
        owner_login=text,
        last_contact=told[0],
        plan=bad_plan,
    )
    session = PracticeSession(queue([queued]))
    session.centre = text
    read = session.patient

    def patient(patient_id: str, days: int) -> PatientView:
        view = read(patient_id, days)
        reading = ReadingView(text, text or "x", text, text, view.readings[0].effective, None, text)
        return replace(view, timeline=told, readings=(reading, *view.readings))

    session.patient = patient
    session.words = CentreWords((text, text), text)
    session.isbar = lambda _patient, _helper: text
    session.thread = lambda _patient: told
    session.find = lambda _query: [PersonLine(who, NOW, text)]
    session.charts = {"p1": hostile_chart(text)}
    session.picture = lambda _patient, _url: text.encode(errors="replace")
    return session


def hostile_chart(text: str) -> Chart:
    """A chart whose every string is `text`."""
    answers = (FormAnswer(text, text, (text, text)), FormAnswer(text, text, ()))
    made = made_up_chart()
    pauses = tuple(replace(pause, reason=text, by=text) for pause in made.plans.pauses)
    return Chart(
        forms=tuple(
            AnsweredForm(f"{n}{text}", text, text, at, text, answers, "wanted")
            for n, at in enumerate((NOW, NOW - 1, None))
        ),
        plans=replace(made.plans, approvals={4: Approved(text, NOW)}, proposals=(text,), pauses=pauses),
        thread=(
            ThreadMessage("c1", NOW, True, text, text, text, (text,), "t", True, NOW),
            ThreadMessage("c2", NOW, False, text, text, text, (text,), sent=False),
        ),
        escalations={"c1": EscalationState(text, text, text)},
        pictures=(Picture(text, None, text, text, text, text, 10**12, (10**9, 1)),),
        answers=frozenset({"c1"}),
        namesakes=(text, text),
    )
