"""No word on any screen has gone past the catalogue.

The catalogue in use writes its own words in Cyrillic letters, and the data have no letters at all: whatever
stands there in Latin letters was never translated.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from one_text import hostile
from practice_centre import KARI, NOW, person
from practice_outbox import outbox

from local_store.unsent_view import UnsentAct, UnsentView
from triage_tui.app import TriageApp
from triage_tui.sync import answers
from triage_tui.wording.language import DOMAIN, LOCALES, _InUse

_LETTERS = str.maketrans(
    {chr(ord(first) + n): chr(other + n) for first, other in (("a", 0x430), ("A", 0x410)) for n in range(26)}
)
_FIELD = re.compile(r"(\{[^}]*\})")
_WORD = re.compile(r"[A-Za-zÆØÅæøå]{3,}")
_NAMES = frozenset(
    {"TRIAGE", "NEWS", "SpO", "mmHg", "mmol", "min", "ctrl", "esc", "enter", "PgUp", "PgDn", "home", "end"}
)
"""Names, units and keys, which are the same in every language."""


WALK = (
    *(
        (),
        ("f",),
        ("f", "k"),
        ("k", "s"),
        ("k", "i"),
        ("n",),
        ("u", "k"),
        ("l",),
        ("r",),
        ("x",),
        ("m",),
        ("question_mark",),
        ("s", "漢"),
    ),
    *(("colon",), ("j",), ("f4",), ("down",), ("down",), ("w",), ("m",), ("f2",), ("t",), ("n", "x", "f12")),
    *(
        ("n", "y"),
        ("f10",),
        ("enter",),
        ("2",),
        ("down",),
        ("T",),
        ("S",),
        ("S",),
        ("F",),
        ("3",),
        ("4",),
        ("5",),
    ),
    *(("6",), ("7",), ("enter",), ("1",), ("question_mark",), ("o",), ("f6",), ("U",)),
)


class InOtherLetters(gettext.NullTranslations):
    """Bokmål with every letter outside of a field exchanged."""

    def __init__(self) -> None:
        super().__init__()
        self._bokmaal = gettext.translation(DOMAIN, LOCALES, ["nb"])

    def gettext(self, message: str) -> str:
        return _exchanged(self._bokmaal.gettext(message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return _exchanged(self._bokmaal.ngettext(msgid1, msgid2, n))

    def pgettext(self, context: str, message: str) -> str:
        return _exchanged(self._bokmaal.pgettext(context, message))


def _exchanged(text: str) -> str:
    parts = _FIELD.split(text)
    parts[::2] = [re.sub("[æøåÆØÅ]", "ѣ", part.translate(_LETTERS)) for part in parts[::2]]
    return "".join(parts)


@pytest.fixture
def other_letters(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(_InUse, "catalogue", InOtherLetters())
    yield


def without_letters(act: UnsentAct) -> UnsentAct:
    """The act with the texts of others replaced; what the answer means stays."""
    answer = act.answer
    if answer is not None:
        told = answers.read(answer)
        kept = {name: fact for name, fact in told.facts.items() if name in ("outcome", "band")}
        answer = str(replace(told, facts={**dict.fromkeys(told.facts, "漢"), **kept}))
    who = person("p1", "漢", "1950-01-01", programme="漢", gp="漢")
    return replace(
        act, person=who, text="漢", answer=answer, owners=dict.fromkeys(act.owners or (), "漢"), kept=()
    )


def untranslated(shown: str) -> list[str]:
    return [word for word in _WORD.findall(shown) if word not in _NAMES]


def test_what_is_not_translated_is_found(other_letters: None) -> None:
    assert untranslated("нотат Take") == ["Take"]
    assert untranslated(_exchanged("Skriv et notat, {n} tegn")) == []


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
async def test_no_screen_says_a_word_that_has_gone_past_the_catalogue(
    size: tuple[int, int], other_letters: None, settle, text_of
) -> None:
    session = hostile("漢")
    session.unsent = lambda: UnsentView(NOW, tuple(without_letters(act) for act in outbox()))
    session.whoami = lambda: replace(KARI, name="漢")
    app = TriageApp(lambda: session)
    found: set[str] = set()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        for keys in WALK:
            await pilot.press(*keys)
            await settle(pilot)
            shown = text_of(app)
            found |= {f"{word} after {' '.join(keys)}" for word in untranslated(shown)}
            while app.screen.is_modal:
                await pilot.press("escape")
                await settle(pilot)
    assert not found, "\n".join(sorted(found))
