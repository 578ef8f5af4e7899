"""What can be wrong with FHIR that comes from elsewhere."""

from __future__ import annotations


class NotFhir(ValueError):
    """The bytes aren't a FHIR resource as JSON.

    Attributes:
        why: What is wrong, without any of the content.
    """

    def __init__(self, why: str) -> None:
        super().__init__(f"not FHIR as JSON: {why}")
        self.why = why


class BadElement(ValueError):
    """An element that we need isn't of the form that FHIR R4 gives it.

    Attributes:
        reference: `<type>/<id>` of the resource.
        path: The element, `Observation.valueQuantity.value`.
        why: What is wrong with it, without its content.
    """

    def __init__(self, reference: str, path: str, why: str) -> None:
        super().__init__(f"{reference}: {path}: {why}")
        self.reference = reference
        self.path = path
        self.why = why


class BadPlan(ValueError):
    """A CarePlan whose plan the engine can't follow.

    Attributes:
        reference: `CarePlan/<id>`.
        why: The engine's words, or what is wrong with the extension.
    """

    def __init__(self, reference: str, why: str) -> None:
        super().__init__(f"{reference}: {why}")
        self.reference = reference
        self.why = why


class BadFeed(ValueError):
    """Bytes that aren't a page of the compact feed, or a damaged one.

    Attributes:
        why: What is wrong with them, without their content.
        remedy: What to do about it.
    """

    remedy = "Fetch the page again; if that doesn't help, fetch the readings by Observation search."

    def __init__(self, why: str) -> None:
        super().__init__(f"not a page of readings: {why}")
        self.why = why
