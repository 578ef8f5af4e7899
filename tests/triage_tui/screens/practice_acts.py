"""What the forms ask of a session, on views in memory: acts are noted, nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from local_store.views import TimelineEntry
from triage_tui.screens.patient_acts import CentreWords

if TYPE_CHECKING:
    from triage_tui.acts.done import ActDone
    from triage_tui.acts.measured import Measured

MINUTE = 60_000
DRAFT = """\
I: Kari Nordmann, Nord-Troms oppfølgingssenter. Gjelder Hansen, Nils, født 13.01.1954.
S: RØD: SpO₂ var 86 % kl. 08:51 og 87 % i går 20:05, under 88 i 2 av 3.
B: kols GOLD 3, hjertesvikt, bor alene, O₂ hjemme. Sist: i går 13:02 Ola ringte, fikk svar.
A: SpO₂ 87 % (08:51), puls 96 (08:31). NEWS2 minst 5 (5 av 7 kjent).
R: Ber om vurdering av behandlingen, og av om grensene bør endres."""


class PracticeActs:
    """The larger part of the practice session's acts; `_done` is the session's."""

    words = CentreWords(("Takk, vi har sett målingene.", "Vi ringer i dag."), "https://video.example/rom-1")
    opened: list[str]

    def _done(self, *act: object, patient_id: str) -> ActDone:
        raise NotImplementedError

    def now(self) -> int:
        raise NotImplementedError

    def centre_words(self) -> CentreWords:
        return self.words

    def isbar(self, patient_id: str, helper: str) -> str:
        return DRAFT if helper == "gp" else f"{DRAFT}\n({helper})"

    def escalate(self, patient_id: str, helper: str, text: str) -> ActDone:
        return self._done("escalate", patient_id, helper, text, patient_id=patient_id)

    def reading(self, patient_id: str, measured: Measured, at: int) -> ActDone:
        told = [(part.code, str(part.amount)) for part in measured.parts]
        return self._done("reading", patient_id, told, at - self.now(), patient_id=patient_id)

    def reading_error(self, reading: str, reason: str) -> ActDone:
        return self._done("reading-error", reading, reason, patient_id="p1")

    def thread(self, patient_id: str) -> Sequence[TimelineEntry]:
        self.opened = [*getattr(self, "opened", []), patient_id]
        now = self.now()

        def said(n: int, minutes: int, author: str, text: str, **more: Any) -> TimelineEntry:
            return TimelineEntry(f"m{n}", "message", now - minutes * MINUTE, author, text, "app", **more)

        return (
            said(2, 50, "Hansen, Nils", "Er det greit å ta en ekstra dose? Jeg er tungpust.", inbound=True),
            said(1, 1500, "Ola Hansen", "Fint, fortsett som før."),
        )

    def message(self, patient_id: str, text: str) -> ActDone:
        return self._done("message", patient_id, text, patient_id=patient_id)

    def correct(self, corrected: str, text: str) -> ActDone:
        return self._done("correct", corrected, text, patient_id="p1")

    def pause(self, patient_id: str, start: int, until: int | None, reason: str) -> ActDone:
        span = None if until is None else until - start
        return self._done("pause", patient_id, start - self.now(), span, reason, patient_id=patient_id)

    def end_follow_up(self, patient_id: str, reason: str) -> ActDone:
        return self._done("end", patient_id, reason, patient_id=patient_id)

    def resume(self, patient_id: str) -> ActDone:
        return self._done("resume", patient_id, patient_id=patient_id)
