"""Keeps the message catalogues in step with the code: `python -m triage_tui.wording.catalogue`.

Extracts the msgids of the whole package, merges them into each .po file (no fuzzy guesses: a guessed
translation in a clinical tool is worse than none) and compiles the .mo beside it. Needs Babel, which is
installed for development only.
"""

from __future__ import annotations

import ast
import sys
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from triage_tui.wording.language import DOMAIN, LOCALES

PACKAGE: Final = Path(__file__).parent.parent

KEYWORDS: Final = {"ActRefused": None}
"""Calls whose first argument is a msgid, beside gettext's own."""


def extracted() -> Catalog:
    """The msgids in the package's code."""
    template = Catalog(project="triage-tui", charset="utf-8")
    found = extract_from_dir(PACKAGE, [("**.py", "python")], keywords={**DEFAULT_KEYWORDS, **KEYWORDS})
    for name, line, message, comments, context in found:
        template.add(
            message, locations=[(f"triage_tui/{name}", line)], auto_comments=comments, context=context
        )
    for sentence in [*refusals(), *remedies()]:
        template.add(sentence)
    return template


def refusals() -> list[str]:
    """The sentences of refused acts and of what the server answered: constants, translated where shown."""
    files = (PACKAGE / "acts" / "sentences.py", PACKAGE / "sync" / "answers.py")
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in nodes
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docstrings
        and " " in node.value
    ]


def remedies() -> list[str]:
    """What to do about the typed errors of other packages, which don't know of languages."""
    root = PACKAGE.parent
    trees = [
        ast.parse((root / file).read_text(encoding="utf-8"))
        for file in (
            "local_store/errors.py",
            "fhir_r4/beside/running.py",
            "fhir_r4/client_errors.py",
            "followup_server/problems.py",
            "threshold_engine/what_if/errors.py",
        )
    ]
    return [
        str(ast.literal_eval(node.value))
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and any(isinstance(name, ast.Name) and name.id == "remedy" for name in node.targets)
        and isinstance(node.value, ast.Constant)
        and node.value.value
    ]


def po_file(language: str) -> Path:
    """The catalogue's source."""
    return LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(language: str) -> Catalog:
    """The catalogue as it is in the .po file, or an empty one."""
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language, domain=DOMAIN, project="triage-tui", fuzzy=False)
    with path.open("rb") as source:
        return read_po(source, locale=language, domain=DOMAIN)


def compiled(catalogue: Catalog) -> bytes:
    """The .mo file's bytes."""
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def untranslated(catalogue: Catalog) -> list[str]:
    """Msgids without a translation, or with one that is only a guess."""

    def missing(string: object) -> bool:
        forms = string if isinstance(string, tuple | list) else (string,)
        return not all(forms)

    return [
        str(message.id) for message in catalogue if message.id and (missing(message.string) or message.fuzzy)
    ]


def update(language: str = "nb") -> list[str]:
    """Merge new msgids into the catalogue and compile it; gives those that still lack a translation."""
    catalogue = read(language)
    catalogue.update(extracted(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    path = po_file(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        write_po(out, catalogue, width=100, sort_output=True, no_location=True, omit_header=False)
    path.with_suffix(".mo").write_bytes(compiled(catalogue))
    return untranslated(catalogue)


if __name__ == "__main__":
    left = update()
    for message in left:
        sys.stderr.write(f"not translated: {message}\n")
    sys.exit(1 if left else 0)
