"""Answered forms: question texts, wishes, and what was answered before."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from chart_resources import DAY, NOW, response

from local_store.store import Store
from triage_tui.chart.form_words import answer_lines, form_remarks
from triage_tui.chart.read import read_chart

Take = Callable[..., None]


def test_answers_have_the_texts_of_their_questions_also_within_groups(store: Store, take: Take) -> None:
    take(response(1, NOW, wants=True, pain=4))
    form = read_chart(store, "p1", NOW).forms[0]
    assert form.title == "Håndleddet ditt"
    assert [(one.question, one.values) for one in form.answers] == [
        ("Ønsker du en konsultasjon?", (True,)),
        ("Hvor vondt har du, fra 0 til 10?", (4_000_000,)),
    ]


@pytest.mark.parametrize(("wants", "wish"), [(True, "wanted"), (False, "not-wanted"), (None, None)])
def test_whether_a_consultation_is_wanted_is_told(
    store: Store, take: Take, wants: bool | None, wish: str | None
) -> None:
    take(response(1, NOW, wants=wants, pain=4))
    assert read_chart(store, "p1", NOW).forms[0].wish == wish


def test_forms_come_newest_first_with_their_earlier_answers(store: Store, take: Take) -> None:
    take(*(response(n, NOW - n * DAY, wants=False, pain=n) for n in range(3)))
    forms = read_chart(store, "p1", NOW).forms
    assert [one.id for one in forms] == [f"QuestionnaireResponse/r{n}" for n in range(3)]
    pain = list(answer_lines(forms[0], forms, NOW))[1]
    assert (pain.answer, pain.earlier, pain.changed) == ("0", "før: 1 (i går), 2 (søndag)", True)
    assert list(answer_lines(forms[2], forms, NOW))[1].earlier == ""


def test_a_form_entered_in_error_is_marked_and_is_nobodys_earlier_answer(store: Store, take: Take) -> None:
    take(
        response(1, NOW, wants=False, pain=4),
        response(2, NOW - DAY, wants=True, pain=9, status="entered-in-error"),
    )
    new, wrong = read_chart(store, "p1", NOW).forms
    assert form_remarks(wrong) == ["ønsker konsultasjon", "feil, ikke brukt"]
    assert list(answer_lines(new, (new, wrong), NOW))[1].earlier == ""


def test_a_form_without_its_questionnaire_or_time_is_shown_all_the_same(store: Store, take: Take) -> None:
    raw = response(1, NOW, wants=True, pain=4)
    take({**raw, "questionnaire": "http://example.org/Questionnaire/other", "authored": "2026-03"})
    form = read_chart(store, "p1", NOW).forms[0]
    assert (form.title, form.at) == ("other", None)
    assert [one.question for one in form.answers] == ["wants-consultation", "pain"]


@pytest.mark.parametrize(
    ("answer", "values"),
    [
        ({"valueCoding": {"code": "worse", "display": "Mer enn vanlig"}}, ("Mer enn vanlig",)),
        ({"valueQuantity": {"value": 3, "unit": "glass"}}, ("3 glass",)),
        ({"valueDecimal": 1e30}, ("1E+30",)),
        ({"valueString": ""}, ("",)),
        ({"valueDate": "2026-03-01"}, ("2026-03-01",)),
        ({"valueInteger": "no number"}, ()),
        ({}, ()),
    ],
)
def test_every_kind_of_answer_is_read(
    store: Store, take: Take, answer: object, values: tuple[str, ...]
) -> None:
    raw = response(1, NOW, wants=None, pain=1)
    take({**raw, "item": [{"linkId": "x", "answer": [answer]}]})
    assert read_chart(store, "p1", NOW).forms[0].answers[0].values == values
