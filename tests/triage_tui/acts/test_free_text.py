"""What a nurse wrote goes out as every FHIR server takes it, and is never refused for a stray key."""

from __future__ import annotations

from local_store.store import Store
from local_store.views import Nurse
from triage_tui import acts
from triage_tui.acts.free_text import free_text
from work_items import Item

NOW = 1_772_526_660_000


def test_only_tab_and_line_breaks_remain_of_the_control_characters() -> None:
    assert free_text("a\x00b\x1b[31mc\td\r\ne") == "a�b�[31mc\td\r\ne"


def test_letters_of_all_languages_stay_as_they_are() -> None:
    assert free_text("Máret: «tungpust» 🫁 đŋŧž") == "Máret: «tungpust» 🫁 đŋŧž"


def test_notes_and_contacts_are_kept_without_them(store: Store, kari: Nurse, red: Item) -> None:
    acts.note(store, kari, red.patient, "ring\x00 igjen", NOW)
    acts.contact(store, kari, red.patient, "phone", "reached", NOW, text="ok\x07")
    view = store.patient(red.patient, NOW)
    assert view is not None
    assert {entry.text for entry in view.timeline} >= {"ring� igjen", "ok�"}
