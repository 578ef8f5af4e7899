"""Answered forms in words: each question with its answer, and what was answered before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from threshold_engine.model import Instant, Value
from triage_tui.wording import N_, _, clean
from triage_tui.wording.dates import on_day, when
from triage_tui.wording.measures import plain_value, short_name

if TYPE_CHECKING:
    from local_store.views import PatientView
    from triage_tui.chart.views import AnsweredForm, FormAnswer

EARLIER: Final = 4
"""So many earlier answers of a question are told."""

_WISHES: Final = {"wanted": N_("wants a consultation"), "not-wanted": N_("wants no consultation")}


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """A question with its answer and the earlier ones, clean."""

    question: str
    answer: str
    earlier: str
    """`før: som vanlig (i går), mer enn vanlig (lørdag)`; empty where there is nothing earlier."""
    changed: bool
    """Whether the answer is another than the last time."""


def form_title(form: AnsweredForm) -> str:
    """The form's title."""
    return clean(form.title) or _("form without a title")


def form_when(form: AnsweredForm, now: Instant) -> str:
    """When it was answered."""
    return when(form.at, now) if form.at is not None else _("time unknown")


def form_remarks(form: AnsweredForm) -> list[str]:
    """What is said beside a form: whether a consultation is wanted, whether it was changed or is wrong."""
    said = [_(_WISHES[form.wish])] if form.wish else []
    if form.status == "entered-in-error":
        said.append(_("wrong, not used"))
    elif form.status == "amended":
        said.append(_("corrected"))
    elif form.status in ("in-progress", "stopped"):
        said.append(_("not finished"))
    return said


def answer_lines(form: AnsweredForm, forms: Sequence[AnsweredForm], now: Instant) -> Iterator[AnswerLine]:
    """The form's questions; `forms` are all of the patient's, newest first."""
    before = [
        one
        for one in forms
        if one.form == form.form
        and one.id != form.id
        and one.at is not None
        and (form.at is None or one.at < form.at)
        and one.status != "entered-in-error"
    ]
    answers_before = [(one.at, {answer.link: answer for answer in one.answers}) for one in before]
    for answer in form.answers:
        given = [
            (at, known[answer.link])
            for at, known in answers_before
            if at is not None and answer.link in known
        ]
        earlier = [f"{_values(form, old)} ({on_day(at, now)})" for at, old in given[:EARLIER]]
        yield AnswerLine(
            question=clean(answer.question),
            answer=_values(form, answer),
            earlier=_("before: {answers}").format(answers=", ".join(earlier)) if earlier else "",
            changed=bool(given) and given[0][1].values != answer.values,
        )


def unanswered(view: PatientView, now: Instant) -> list[str]:
    """Forms that weren't answered in time, as the alerts about them say."""
    told = []
    for item in view.items:
        because = view.because.get(item.task, ())
        if not item.state.is_open or item.kind != "missing" or not because:
            continue
        asked = [code for code in because[-1].codes if "/" in code]
        if asked:
            since = because[-1].since if because[-1].since is not None else because[-1].at
            names = ", ".join(dict.fromkeys(short_name(code) for code in asked[:3]))
            words = _("Not answered in time: {form} (last answer {when})")
            told.append(words.format(form=names, when=when(since, now)))
    return told


def form_story(forms: Sequence[AnsweredForm], now: Instant, most: int) -> Iterator[str]:
    """The newest forms as plain lines, for whoever reads rather than looks."""
    for form in forms[:most]:
        yield " · ".join([f"{form_when(form, now)}  {form_title(form)}", *form_remarks(form)])
        for line in answer_lines(form, forms, now):
            told = f"  {line.question}: {line.answer}"
            yield f"{told} ({line.earlier})" if line.earlier else told


def _values(form: AnsweredForm, answer: FormAnswer) -> str:
    told = [_value(form, answer, value) for value in answer.values]
    return ", ".join(told) or _("no answer")


def _value(form: AnsweredForm, answer: FormAnswer, value: Value) -> str:
    return plain_value(f"{form.form}/{answer.link}", value)
