"""The language of the screen: gettext catalogues, English msgids, bokmål by default."""

from __future__ import annotations

import gettext as _gettext
from pathlib import Path
from typing import Final, Literal, TypeAlias

Language: TypeAlias = Literal["nb", "en"]

DOMAIN: Final = "triage"
LOCALES: Final = Path(__file__).parent / "locales"
DEFAULT: Final[Language] = "nb"


class UnknownLanguageError(ValueError):
    """A language was asked for that there is no catalogue for."""

    def __init__(self, asked: str) -> None:
        super().__init__(f"There is no language {asked!r}. Use nb or en.")


def _catalogue(language: Language) -> _gettext.NullTranslations:
    if language == "en":
        return _gettext.NullTranslations()  # the msgids are the English text
    return _gettext.translation(DOMAIN, LOCALES, [language])


class _InUse:
    """The one catalogue in use: chosen once at start, read at each call so that tests can switch."""

    language: Language = DEFAULT
    catalogue: _gettext.NullTranslations | None = None


def use_language(language: str) -> None:
    """Choose the language (`nb` or `en`) for everything said from now on; UnknownLanguageError else."""
    chosen: Language
    if language == "nb":
        chosen = "nb"
    elif language == "en":
        chosen = "en"
    else:
        raise UnknownLanguageError(language)
    _InUse.language, _InUse.catalogue = chosen, _catalogue(chosen)


def language() -> Language:
    """The language in use."""
    return _InUse.language


def _current() -> _gettext.NullTranslations:
    if _InUse.catalogue is None:
        _InUse.catalogue = _catalogue(_InUse.language)
    return _InUse.catalogue


def gettext(message: str) -> str:
    """`message` in the language in use."""
    return _current().gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """The form of the message that goes with `n`; `{n}` is left for the caller to fill."""
    return _current().ngettext(singular, plural, n)


def pgettext(context: str, message: str) -> str:
    """`message` as it is meant in `context`: for short words that differ by where they stand."""
    return _current().pgettext(context, message)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translated later"
    """Mark `message` for the catalogue without translating it yet."""
    return message
