"""All that the judge goes by about one patient: her resources, read once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar, cast

from fhir_r4.carried_judge import CarriedJudge
from fhir_r4.codes import last_segment
from fhir_r4.errors import BadElement
from fhir_r4.observations import Observed, Unusable
from fhir_r4.plan_choice import PlanChoice, choose_plan
from fhir_r4.questionnaires import Form, form_of
from fhir_r4.raw import Raw, text_at
from fhir_r4.reading_facts import ReadingFacts, is_measure
from fhir_r4.readings import observed
from threshold_engine import Instant, Reading

T = TypeVar("T")

JUDGED_TYPES: Final = frozenset(
    (
        "Patient",
        "CarePlan",
        "Observation",
        "QuestionnaireResponse",
        "Task",
        "DetectedIssue",
        "Communication",
        "ServiceRequest",
    )
)
"""Types whose change may change what the judge finds for their patient."""


@dataclass(frozen=True, kw_only=True)
class Compartment:
    """One patient's resources, as raw JSON."""

    patient: str
    """The Patient's logical id."""
    care_plans: Sequence[Raw] = ()
    earlier_plans: Sequence[Raw] = ()
    """Earlier versions of the CarePlans, as far as the store can know them."""
    readings: Sequence[Raw] = ()
    """Observations and QuestionnaireResponses."""
    issues: Sequence[Raw] = ()
    """DetectedIssues."""
    tasks: Sequence[Raw] = ()
    communications: Sequence[Raw] = ()
    service_requests: Sequence[Raw] = ()
    forms: Sequence[Raw] = ()
    """The Questionnaires that the responses answer, as far as known: which questions may repeat."""
    complete_since: Instant | None = None
    """Readings are at hand only from here on; None: all."""
    carried: CarriedJudge | None = None
    """The judging of the same patient before, to be carried on; none: judged anew."""
    _read: dict[object, object] = field(default_factory=dict, repr=False, compare=False)

    def once(self, read: Callable[[Compartment], T]) -> T:
        """What `read` makes of the resources (not of readings, nor of an instant): read once."""
        if read not in self._read:
            self._read[read] = read(self)
        return cast("T", self._read[read])

    def with_readings(self, readings: Sequence[Raw]) -> Compartment:
        """The same resources with other readings; what has been read `once` isn't read again."""
        return replace(self, readings=readings)

    @classmethod
    def of(
        cls,
        patient: str,
        resources: Iterable[Raw],
        *,
        earlier_plans: Sequence[Raw] = (),
        forms: Sequence[Raw] = (),
        complete_since: Instant | None = None,
        carried: CarriedJudge | None = None,
    ) -> Compartment:
        """Sort one patient's resources by their type; types that the judge has no use for are passed over."""
        found: dict[str, list[Raw]] = {}
        for raw in resources:
            found.setdefault(text_at(raw, "resourceType") or "", []).append(raw)
        return cls(
            patient=patient,
            care_plans=found.get("CarePlan", []),
            earlier_plans=earlier_plans,
            readings=found.get("Observation", []) + found.get("QuestionnaireResponse", []),
            issues=found.get("DetectedIssue", []),
            tasks=found.get("Task", []),
            communications=found.get("Communication", []),
            service_requests=found.get("ServiceRequest", []),
            forms=[*forms, *found["Questionnaire"]] if "Questionnaire" in found else forms,
            complete_since=complete_since,
            carried=carried,
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """The plan and the readings as the engine is handed them."""

    choice: PlanChoice
    observed: tuple[Observed, ...]
    unusable: tuple[Unusable, ...]
    unreadable: tuple[BadElement, ...] = field(default=())
    """Resources that aren't of FHIR's form: no readings, and told to whoever looks after the server."""
    answered: bool = False
    """Whether there are answered forms among the resources."""
    carried: ReadingFacts | None = None
    """Of a judging that is carried on, whose readings aren't all at hand."""

    @property
    def readings(self) -> list[Reading]:
        """For the engine."""
        return [found.reading for found in self.observed]

    @property
    def facts(self) -> ReadingFacts:
        """What the judge goes by beside what the engine finds."""
        return ReadingFacts.of(self.observed) if self.carried is None else self.carried

    @property
    def measured(self) -> bool:
        """Whether anything arrived that a plan would be made for."""
        return self.facts.measured or any(is_measure(found.code) for found in self.unusable)

    def measured_after(self, at: Instant) -> bool:
        """Whether any such reading was measured later than that."""
        last = self.facts.last_measured
        return last is not None and last > at


def evidence_of(compartment: Compartment, now: Instant) -> Evidence:
    """Read a compartment's plan and readings as of `now`, the judge's."""
    choice = choice_of(compartment)
    mapping = choice.document.form_mapping if choice.document else None
    forms = {form.name: form for form in map(form_of, compartment.forms)}
    seen: list[Observed] = []
    unusable: list[Unusable] = []
    unreadable: list[BadElement] = []
    for raw in compartment.readings:
        form = _form_answered(raw, forms)
        try:
            parts = observed(raw, judged_at=now, mapping=mapping, form=form)
        except BadElement as error:
            unreadable.append(error)
            continue
        seen += (part for part in parts if isinstance(part, Observed))
        unusable += (part for part in parts if isinstance(part, Unusable))
    answered = any(raw.get("resourceType") == "QuestionnaireResponse" for raw in compartment.readings)
    return Evidence(choice, tuple(seen), tuple(unusable), tuple(unreadable), answered)


def choice_of(compartment: Compartment) -> PlanChoice:
    """Which of a compartment's plans judges."""
    return compartment.once(_choice)


def _choice(compartment: Compartment) -> PlanChoice:
    return choose_plan(compartment.care_plans, compartment.earlier_plans)


def _form_answered(raw: Raw, forms: dict[str, Form]) -> Form | None:
    questionnaire = text_at(raw, "questionnaire")
    return forms.get(last_segment(questionnaire)) if questionnaire else None
