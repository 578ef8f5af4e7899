"""What comes from the server, put into the cache: FHIR → what the screens and the engine read."""

from triage_tui.sync.intake.page import Intake

__all__ = ["Intake"]
