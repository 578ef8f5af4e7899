"""Which patient is meant: an id, a part of a name, or a national number on standard input."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from triage_tui.cli.failure import Failure, UsageFailure
from triage_tui.wording import _, clean

if TYPE_CHECKING:
    from local_store import Store
    from local_store.views import Person, PersonLine

_NATIONAL_NUMBER = re.compile(r"\d{6}\s?\d{5}")
_SHOWN = 8


def missing() -> Failure:
    """Nobody is meant by that."""
    return Failure(
        _("No patient matches. Use the id from `triage queue --json`, or `triage patients` to search.")
    )


def _refuse_number(text: str) -> None:
    if _NATIONAL_NUMBER.fullmatch(text.strip()):
        raise UsageFailure(
            _(
                "A national identity number on the command line shows in `ps`. "
                "Write - and give it on standard input."
            )
        )


def find_lines(store: Store, query: str) -> list[PersonLine]:
    """Patients whose id it is or whose name has it; for `-` whose number is on standard input."""
    _refuse_number(query)
    if query != "-":
        return store.find_patients(query)
    found = store.find_by_national_id(read_number())
    return (
        []
        if found is None
        else [line for line in store.find_patients(found.id) if line.person.id == found.id]
    )


def read_number() -> str:
    """The first line of standard input."""
    return sys.stdin.readline().strip().replace(" ", "")


def find_person(store: Store, patient: str) -> Person:
    """The patient with this logical id, or with the number on standard input for `-`."""
    _refuse_number(patient)
    if patient == "-":
        found = store.find_by_national_id(read_number())
    else:
        with store.read() as snapshot:
            found = snapshot.person(patient)
    if found is None:
        raise missing()
    return found


def find_one(store: Store, text: str) -> Person:
    """Like `find_person`, and by a part of a name where that names one person only."""
    if text == "-":
        return find_person(store, text)
    lines = find_lines(store, text)
    exact = [line for line in lines if line.person.id == text]
    matching = exact or lines
    if not matching:
        raise missing()
    if len(matching) > 1:
        names = "; ".join(f"{clean(line.person.name)} ({line.person.id})" for line in matching[:_SHOWN])
        raise Failure(_("{n} patients match: {names}. Give the id.").format(n=len(matching), names=names))
    return matching[0].person
