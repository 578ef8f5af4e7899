"""What more can be done to a patient, as the forms need it: the larger part of the session's protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from local_store.views import TimelineEntry
    from threshold_engine.model import Instant
    from triage_tui.acts.done import ActDone
    from triage_tui.acts.measured import Measured


@dataclass(frozen=True, slots=True)
class CentreWords:
    """What a centre says and uses in its own way."""

    quick_replies: tuple[str, ...]
    """What nurses often write to patients, in the centre's words."""
    video_link: str | None = None
    """Address of a video room, a new one for each call; none where the centre has no such service."""


class PatientActs(Protocol):
    """Acts beside those that every row has a letter for. They raise `ActRefused` and `SessionError`."""

    def centre_words(self) -> CentreWords:
        """The centre's quick replies and a new video room."""

    def isbar(self, patient: str, helper: str) -> str:
        """The draft of a report about her."""

    def escalate(self, patient: str, helper: str, text: str) -> ActDone:
        """Lift her to somebody else."""

    def reading(self, patient: str, measured: Measured, at: Instant) -> ActDone:
        """Type in what she tells by phone."""

    def reading_error(self, reading_id: str, reason: str) -> ActDone:
        """Mark one of her readings as wrong."""

    def thread(self, patient: str) -> Sequence[TimelineEntry]:
        """Messages to and from her, newest first; those of hers count as opened from now on."""

    def message(self, patient: str, text: str) -> ActDone:
        """Write to her; what she asked is answered by it."""

    def correct(self, corrected: str, text: str) -> ActDone:
        """Put a text in place of that of something written; `corrected` is its op."""

    def pause(self, patient: str, start: Instant, until: Instant | None, reason: str) -> ActDone:
        """Miss no readings from `start` on."""

    def end_follow_up(self, patient: str, reason: str) -> ActDone:
        """Complete her plan: nothing is judged or missed any more."""

    def resume(self, patient: str) -> ActDone:
        """End the pause that is going on."""
