"""QuestionnaireResponse → the engine's readings: one for each answer item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from fhir_r4.codes import last_segment
from fhir_r4.observations import AHEAD, Observed, Part, Standing, Unusable, judged_value, observed_part
from fhir_r4.raw import Raw, members, text_at
from fhir_r4.references import logical_id
from fhir_r4.resources import FormItem, QuestionnaireResponse, Value, read
from threshold_engine.instants import parse_instant
from threshold_engine.model import Instant
from threshold_engine.readings import Reading

FormMapping: TypeAlias = Mapping[str, str]
"""`<questionnaire>/<linkId>` → the engine's code that the answer stands for, by the plan."""

NO_MAPPING: Final[FormMapping] = {}


@dataclass(frozen=True, slots=True)
class Form:
    """What we need of a Questionnaire."""

    name: str
    """The last segment of its url: what the engine's codes begin with."""
    title: str
    questions: Mapping[str, str]
    """linkId → the question's text."""
    repeating: frozenset[str]
    """linkIds of the questions that may have several answers."""


def form_of(raw: Raw) -> Form:
    """A Questionnaire's texts, and which of its questions may have several answers."""
    questions: dict[str, str] = {}
    repeating: set[str] = set()
    for item in _all_items(raw):
        link = text_at(item, "linkId")
        if link:
            questions[link] = text_at(item, "text") or ""
            if item.get("repeats") is True:
                repeating.add(link)
    name = last_segment(text_at(raw, "url") or "") or text_at(raw, "id") or ""
    title = text_at(raw, "title") or text_at(raw, "name") or name
    return Form(name, title, questions, frozenset(repeating))


def readings_of_response(
    raw: Raw, *, judged_at: Instant, mapping: FormMapping | None = None, form: Form | None = None
) -> list[Reading | Unusable]:
    """What the engine is handed of an answered form.

    A question with several answers, or one that may have several by `form`, gives a reading for each chosen
    value: code and id end in `/<value>`, the value is true.

    Raises:
        BadElement: The resource isn't of FHIR's form.
    """
    return [
        found.reading if isinstance(found, Observed) else found
        for found in observed_of_response(raw, judged_at=judged_at, mapping=mapping, form=form)
    ]


def observed_of_response(
    raw: Raw, *, judged_at: Instant, mapping: FormMapping | None = None, form: Form | None = None
) -> list[Observed | Unusable]:
    """As `readings_of_response`, with units and questions for the screens."""
    response = read(raw, QuestionnaireResponse)
    patient = logical_id(response.subject, "Patient")
    if patient is None:
        return []
    standing = Standing(
        patient=patient,
        effective=_authored(response.authored, judged_at),
        written=response.authored or "",
        received=None,
        status=response.status,
        reference=f"QuestionnaireResponse/{response.id}",
    )
    found: list[Observed | Unusable] = []
    for part in _parts(response, mapping or NO_MAPPING, form):
        found += observed_part(part, standing)
    return found


def _parts(response: QuestionnaireResponse, mapping: FormMapping, form: Form | None) -> Iterator[Part]:
    name = last_segment(response.questionnaire or "")
    for item in _answered(response.item):
        code = f"{name}/{item.link_id}"
        reading_id = f"{response.id}#{item.link_id}"
        question = form.questions.get(item.link_id) if form else None
        if len(item.answer) > 1 or (form is not None and item.link_id in form.repeating):
            for answer in item.answer:
                chosen = _chosen(judged_value(code, answer), answer)
                if chosen is not None:
                    yes = Value(value_boolean=True)
                    yield Part(f"{reading_id}/{chosen}", f"{code}/{chosen}", yes, question)
        elif item.answer:
            judged = mapping.get(code, code)
            yield Part(reading_id, judged, item.answer[0], question)


def _chosen(judged: object, answer: Value) -> str | None:
    """A chosen value as it ends a code: numbers as they were written."""
    number = answer.value_decimal if answer.value_integer is None else answer.value_integer
    if number is not None:
        return str(number)
    if answer.value_quantity is not None:
        return None if answer.value_quantity.value is None else str(answer.value_quantity.value)
    if isinstance(judged, bool):
        return "true" if judged else "false"
    return judged if isinstance(judged, str) else None


def _answered(items: tuple[FormItem, ...]) -> Iterator[FormItem]:
    """All items, groups' and answers' own included, in the form's order."""
    for item in items:
        yield item
        yield from _answered(item.item)
        for answer in item.answer:
            yield from _answered(answer.item)


def _all_items(raw: Raw) -> Iterator[Raw]:
    for item in members(raw.get("item")):
        yield item
        yield from _all_items(item)


def _authored(text: str | None, judged_at: Instant) -> Instant | None:
    if not text:
        return None
    try:
        at = parse_instant(text)
    except ValueError:
        return None
    return at if at <= judged_at + AHEAD else None
