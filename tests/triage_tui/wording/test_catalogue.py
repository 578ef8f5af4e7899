"""The catalogue is whole: nothing untranslated, nothing guessed, and compiled as it is written."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Message

import triage_tui
from triage_tui.wording import N_, _, language, ngettext, use_language
from triage_tui.wording.catalogue import compiled, extracted, po_file, read, untranslated
from triage_tui.wording.language import UnknownLanguageError

PACKAGE = Path(triage_tui.__file__).parent


def _forms(message: Message) -> list[str]:
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return [*ids, *strings]


def test_every_message_in_the_code_is_in_the_catalogue() -> None:
    known = {message.id for message in read("nb")}
    assert [message.id for message in extracted() if message.id not in known] == []


def test_nothing_is_untranslated_or_fuzzy() -> None:
    assert untranslated(read("nb")) == []


def test_the_compiled_catalogue_is_what_is_written() -> None:
    assert po_file("nb").with_suffix(".mo").read_bytes() == compiled(read("nb"))


def test_translations_keep_the_placeholders() -> None:
    def fields(text: str) -> set[str]:
        return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}

    odd = [m.id for m in read("nb") if m.id and len({frozenset(fields(form)) for form in _forms(m)}) > 1]
    assert odd == []


def test_no_message_hides_inside_an_f_string() -> None:
    """Extraction can't see into f-strings: such a message would stay English unnoticed."""
    hidden = [
        f"{path.name}:{call.lineno}"
        for path in PACKAGE.rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ("_", "ngettext")
        and call.args
        and isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []


def test_plural_forms_follow_the_number() -> None:
    def alerts(n: int) -> str:
        return ngettext("{n} alert", "{n} alerts", n).format(n=n)

    assert [alerts(n) for n in (0, 1, 2)] == ["0 varsler", "1 varsel", "2 varsler"]
    use_language("en")
    assert [alerts(n) for n in (0, 1, 2)] == ["0 alerts", "1 alert", "2 alerts"]


def test_the_language_can_be_changed_and_only_to_one_that_there_is() -> None:
    use_language("en")
    assert (language(), _("RED"), N_("RED")) == ("en", "RED", "RED")
    use_language("nb")
    assert (language(), _("RED")) == ("nb", "RØD")
    with pytest.raises(UnknownLanguageError, match="Use nb or en"):
        use_language("fi")
