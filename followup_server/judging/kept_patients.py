"""What is kept of a patient between two judgings, and how it is brought up to date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from fhir_r4.compartment import JUDGED_TYPES, Compartment
from fhir_r4.raw import Raw, reference_of, version_of
from fhir_r4.seen_readings import SeenReadings
from followup_server.moments import EARLIEST, Micros

READING_TYPES: Final = frozenset(("Observation", "QuestionnaireResponse"))
OTHER_TYPES: Final = JUDGED_TYPES - READING_TYPES

_RAW_BYTES: Final = 6_000
_READING_BYTES: Final = 750


@dataclass(slots=True)
class KeptPatient:
    """A patient's resources as of a stamp; of readings only what the judge has seen of them."""

    stamp: Micros = EARLIEST
    raws: dict[str, Raw] = field(default_factory=dict)
    """By reference, in the order of their last change; all but what readings come in."""
    fresh: list[Raw] = field(default_factory=list)
    """Resources with readings that have come since `seen`, in the order of writing."""
    earlier: Sequence[Raw] | None = None
    """Earlier versions of her plans, where they had to be read."""
    seen: SeenReadings | None = None
    state: bytes | None = None
    """What `seen` was written down as, where it hasn't been resumed yet."""
    unsaved: int = 0
    """How many resources with readings have been judged since `seen` was last written down."""
    is_new: bool = True
    """Whether all was judged anew since `seen` was last written down."""
    odd: bool = False
    """Whether a reading has an id that another could have too, so that none may be forgotten."""
    _compartment: Compartment | None = None

    def add(self, resources: Iterable[Raw]) -> None:
        """Take in new resources, or new versions."""
        for raw in resources:
            if raw["resourceType"] in READING_TYPES:
                self.fresh.append(raw)
                if version_of(raw) != "1":  # a correction: what it corrects may be forgotten
                    self.forget_readings()
            else:
                reference = reference_of(raw)
                self.raws.pop(reference, None)
                self.raws[reference] = raw
                self._compartment = None
                if raw["resourceType"] == "CarePlan":
                    self.earlier = None

    def forget_readings(self) -> None:
        """Have all readings read and judged anew."""
        self.seen = self.state = None

    @property
    def is_abridged(self) -> bool:
        """Whether older readings may have been forgotten, and their ids with them."""
        return self.state is not None or (self.seen is not None and self.seen.facts.since is not None)

    def compartment(self, patient: str, forms: Sequence[Raw]) -> Compartment:
        """Her resources without the readings; what has been read of it once isn't read again."""
        if self._compartment is None or self._compartment.forms is not forms:
            self._compartment = Compartment.of(
                patient, self.raws.values(), earlier_plans=self.earlier or (), forms=forms
            )
        return self._compartment

    def look_back(self, earlier: Sequence[Raw]) -> None:
        """Take in the earlier versions of her plans."""
        self.earlier = earlier
        self._compartment = None

    @property
    def size(self) -> int:
        """Bytes, as estimated."""
        readings = len(self.seen.facts.references) if self.seen else 0
        state = len(self.state) if self.state else 0
        return len(self.raws) * _RAW_BYTES + (readings + len(self.fresh)) * _READING_BYTES + state
