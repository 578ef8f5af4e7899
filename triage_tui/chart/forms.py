"""QuestionnaireResponse → an answered form, with the texts of its Questionnaire."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from fhir_r4.codes import last_segment
from fhir_r4.errors import BadElement
from fhir_r4.questionnaires import Form, form_of
from fhir_r4.raw import Raw, members, reference_of, text_at
from fhir_r4.resources import Quantity, read
from fhir_r4.resources import Value as FhirValue
from threshold_engine.instants import parse_instant
from threshold_engine.model import Instant, Value
from threshold_engine.numbers import as_number, scaled
from triage_tui.chart.views import AnsweredForm, FormAnswer, Wish

WISHES: Final = frozenset({"wants-consultation", "wants_consultation"})
"""linkIds of the question whether a consultation is wanted (needs-driven outpatient care)."""


def forms_by_name(questionnaires: Iterable[Raw]) -> dict[str, Form]:
    """Forms by the last segment of their url."""
    return {form.name: form for form in map(form_of, questionnaires)}


def answered_forms(responses: Iterable[Raw], forms: Mapping[str, Form]) -> tuple[AnsweredForm, ...]:
    """All answered forms, newest first; those whose time can't be used come last."""
    found = [_form(raw, forms) for raw in responses]
    return tuple(sorted(found, key=lambda one: (-(one.at or 0), one.id)))


def _form(raw: Raw, forms: Mapping[str, Form]) -> AnsweredForm:
    name = last_segment(text_at(raw, "questionnaire") or "")
    form = forms.get(name)
    answers = tuple(_answers(raw, form))
    return AnsweredForm(
        id=reference_of(raw),
        form=name,
        title=form.title if form else name,
        at=_instant(text_at(raw, "authored")),
        status=text_at(raw, "status") or "unknown",
        answers=answers,
        wish=_wish(answers),
    )


def _wish(answers: Iterable[FormAnswer]) -> Wish | None:
    for answer in answers:
        if answer.link in WISHES and answer.values and isinstance(answer.values[0], bool):
            return "wanted" if answer.values[0] else "not-wanted"
    return None


def _answers(item: Raw, form: Form | None) -> Iterator[FormAnswer]:
    """Every question of the form that stands in the response, in its order; groups are gone into."""
    for one in members(item.get("item")):
        link = text_at(one, "linkId") or ""
        given = list(members(one.get("answer")))
        values = tuple(value for answer in given if (value := _value(answer)) is not None)
        if values or not one.get("item"):
            known = form.questions.get(link) if form else None
            yield FormAnswer(link, known or text_at(one, "text") or link, values)
        yield from _answers(one, form)
        for answer in given:
            yield from _answers(answer, form)


def _value(answer: Raw) -> Value | None:
    try:
        value = read(answer, FhirValue)
    except BadElement:
        return None  # of a form that FHIR doesn't know: nothing that could be told
    if value.value_boolean is not None:
        return value.value_boolean
    if value.value_quantity is not None:
        return _amount(value.value_quantity)
    number = as_number(value.value_integer if value.value_decimal is None else value.value_decimal)
    if number is not None:
        return _scaled(number)
    coding = value.value_coding
    if coding is not None:
        return coding.display or coding.code
    reference = value.value_reference
    texts = (value.value_string, value.value_date, value.value_date_time, value.value_time, value.value_uri)
    return next((text for text in texts if text is not None), reference.display if reference else None)


def _amount(quantity: Quantity) -> Value | None:
    if quantity.value is None:
        return None
    unit = quantity.unit or quantity.code
    return f"{quantity.value} {unit}" if unit else _scaled(quantity.value)


def _scaled(number: int | Decimal) -> Value:
    """A number in millionths; one that is too great for that as it was written."""
    try:
        return scaled(number)
    except ValueError:
        return str(number)


def _instant(text: str | None) -> Instant | None:
    try:
        return parse_instant(text or "")
    except ValueError:
        return None
