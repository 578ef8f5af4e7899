"""The forms of the simulated centre as Questionnaires, and answered ones as QuestionnaireResponses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from fhir_r4 import systems
from fhir_r4.raw import Raw, uuid_identifier
from followup_server.simulator.identity import logical_id
from followup_server.simulator.observations import local_time
from followup_server.simulator.resources import identified
from threshold_engine.model import Instant

Answer: TypeAlias = bool | int | str
"""A string is the code of a choice."""
FormName: TypeAlias = Literal["copd-daily", "heart-failure-daily", "wrist-fracture", "phq-9"]

PHQ_9_SUM: Final = "44261-6"
"""LOINC of the score that is filed beside an answered PHQ-9."""

_URL: Final = f"{systems.OURS}/Questionnaire"
_CHOICES: Final = f"{systems.OURS}/answer"
_CHANGE: Final = {"as-usual": "Som vanlig", "worse": "Mer enn vanlig"}
_HOW_OFTEN: Final = {
    0: "Ikke i det hele tatt",
    1: "Noen dager",
    2: "Mer enn halvparten av dagene",
    3: "Nesten hver dag",
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question, its `kind` an item type of FHIR's."""

    link: str
    text: str
    kind: Literal["choice", "boolean", "integer"]


@dataclass(frozen=True, slots=True)
class Form:
    """A form."""

    title: str
    questions: tuple[Question, ...]


FORMS: Final[Mapping[FormName, Form]] = {
    "copd-daily": Form(
        "Pust og oppspytt",
        (
            Question("breathlessness", "Hvor tungpust er du?", "choice"),
            Question("sputum-volume", "Hvor mye oppspytt har du?", "choice"),
            Question("sputum-colour", "Hvor gult eller grønt er oppspyttet?", "choice"),
        ),
    ),
    "heart-failure-daily": Form(
        "Pust og bein",
        (
            Question("breathlessness", "Hvor tungpust er du?", "choice"),
            Question("swollen-legs", "Hvor hoven er du i beina?", "choice"),
        ),
    ),
    "wrist-fracture": Form(
        "Håndleddet ditt",
        (
            Question("wants-consultation", "Ønsker du en konsultasjon?", "boolean"),
            Question("fingers-blue-cold-numb", "Er fingrene blå, kalde eller numne?", "boolean"),
            Question("pain-grows", "Øker smertene?", "boolean"),
            Question("pain", "Hvor vondt har du, fra 0 til 10?", "integer"),
        ),
    ),
    "phq-9": Form(
        "PHQ-9",
        tuple(
            Question(str(n), text, "integer")
            for n, text in enumerate(
                (
                    "Lite interesse for eller glede over ting",
                    "Nedfor, deprimert eller uten håp",
                    "Vansker med søvnen",
                    "Trøtt eller uten krefter",
                    "Dårlig matlyst, eller spist for mye",
                    "Misfornøyd med deg selv",
                    "Vansker med å konsentrere deg",
                    "Langsom, eller rastløs",
                    "Tanker om at det var bedre å være død, eller om å skade deg selv",
                ),
                start=1,
            )
        ),
    ),
}


def questionnaires(seed: int) -> Iterator[Raw]:
    """All forms."""
    for n, (name, form) in enumerate(FORMS.items(), start=1):
        yield {
            **identified(seed, "Questionnaire", n),
            "url": f"{_URL}/{name}",
            "name": name,
            "title": form.title,
            "status": "active",
            "subjectType": ["Patient"],
            "item": [_item(question, name) for question in form.questions],
        }


def response(
    seed: int, n: int, patient: str, form: FormName, answers: Mapping[str, Answer], at: Instant
) -> Raw:
    """The answered form numbered `n`; `patient` is the Patient's logical id."""
    logical = logical_id(seed, "QuestionnaireResponse", n)
    reference: Raw = {"reference": f"Patient/{patient}"}
    return {
        "resourceType": "QuestionnaireResponse",
        "id": logical,
        "identifier": uuid_identifier(logical),
        "questionnaire": f"{_URL}/{form}",
        "status": "completed",
        "subject": reference,
        "authored": local_time(at),
        "source": reference,
        "item": [
            {"linkId": one.link, "text": one.text, "answer": [_answer(answers[one.link])]}
            for one in FORMS[form].questions
            if one.link in answers
        ],
    }


def score(seed: int, n: int, response_n: int, patient: str, value: int, at: Instant) -> Raw:
    """The sum of an answered PHQ-9 as the Observation numbered `n`."""
    made = identified(seed, "Observation", n)
    source = logical_id(seed, "QuestionnaireResponse", response_n)
    coding = {"system": systems.LOINC, "code": PHQ_9_SUM, "display": "PHQ-9 total score"}
    return {
        **made,
        "status": "final",
        "code": {"coding": [coding], "text": "PHQ-9, sum"},
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": local_time(at),
        "issued": local_time(at),
        "valueInteger": value,
        "derivedFrom": [{"reference": f"QuestionnaireResponse/{source}"}],
    }


def _item(question: Question, form: FormName) -> Raw:
    item: Raw = {"linkId": question.link, "text": question.text, "type": question.kind}
    if question.kind == "choice":
        item["answerOption"] = [{"valueCoding": _coding(code)} for code in _CHANGE]
    elif form == "phq-9":
        item["type"] = "choice"
        item["answerOption"] = [{"valueInteger": points} for points in _HOW_OFTEN]
    return item


def _answer(answer: Answer) -> Raw:
    if isinstance(answer, bool):
        return {"valueBoolean": answer}
    return {"valueInteger": answer} if isinstance(answer, int) else {"valueCoding": _coding(answer)}


def _coding(code: str) -> Raw:
    return {"system": _CHOICES, "code": code, "display": _CHANGE[code]}
