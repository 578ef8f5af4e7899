"""Patients and practitioners in the cache, and finding a patient by name or number."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from local_store.context import Context
from local_store.packing import pack, unpack
from local_store.tables import Practitioner
from local_store.upsert import put
from local_store.views import Nurse, Person, PersonLine

_PLAIN: Final = str.maketrans({"đ": "d", "ŋ": "n", "ŧ": "t"})
"""Sámi letters that no normal form takes apart. æ, ø and å are letters of their own, and stay."""
_KEPT: Final = "æøå"


def put_person(context: Context, person: Person) -> None:
    """Say who a patient is."""
    context.connection.exec_driver_sql(
        "UPDATE patient SET name = ?, folded = ?, national_id = ?, body = ? WHERE n = ?",
        (
            person.name,
            _searchable(person.name),
            person.national_id,
            pack(person),
            context.patients.make(person.id),
        ),
    )


def read_person(context: Context, patient: str) -> Person | None:
    """Who a patient is; None where the Patient hasn't been fetched."""
    row = context.connection.exec_driver_sql(
        "SELECT body FROM patient WHERE id = ?", (patient,)
    ).one_or_none()
    return None if row is None or row[0] is None else unpack(Person, row[0])


def unknown_person(patient: str) -> Person:
    """What stands for a patient whose alerts came before her Patient resource: her id, never a blank."""
    return Person(patient, patient, None, None, None, None, None)


def find_patients(context: Context, query: str) -> list[PersonLine]:
    """Whoever has every word of the query in her name, or has that id.

    Without regard to case; a plain letter finds an accented one too (`maret` finds Máret, `cohkka` Čohkka),
    but o never finds ø. An empty query finds all. By name, then id.
    """
    words = folded(query).split()
    rows = context.connection.exec_driver_sql(
        """SELECT p.body, j.last_reading, j.plan_title, p.folded, p.id
        FROM patient p LEFT JOIN projection j ON j.patient = p.n WHERE p.body IS NOT NULL"""
    )
    found = [row for row in rows if row[4] == query.strip() or all(word in row[3] for word in words)]
    found.sort(key=lambda row: (row[3], row[4]))
    return [PersonLine(unpack(Person, row[0]), row[1], row[2]) for row in found]


def known_patients(context: Context) -> frozenset[str]:
    """Logical ids of all whose Patient has been fetched."""
    rows = context.connection.exec_driver_sql("SELECT id FROM patient WHERE body IS NOT NULL")
    return frozenset(row[0] for row in rows)


def person_by_national_id(context: Context, number: str) -> Person | None:
    """Who has a national identity number: spaces don't count."""
    row = context.connection.exec_driver_sql(
        "SELECT body FROM patient WHERE national_id = ? AND body IS NOT NULL ORDER BY id LIMIT 1",
        ("".join(number.split()),),
    ).one_or_none()
    return None if row is None else unpack(Person, row[0])


def put_practitioner(context: Context, reference: str, login: str | None, name: str) -> None:
    """Say who a nurse or GP is."""
    put(context.connection, Practitioner(reference=reference, login=login, name=name))


def read_practitioner(context: Context, reference: str) -> tuple[str | None, str] | None:
    """Login and name of a reference; None where unknown."""
    row = context.connection.exec_driver_sql(
        "SELECT login, name FROM practitioner WHERE reference = ?", (reference,)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def practitioner_by_login(context: Context, login: str) -> Nurse | None:
    """Who has a login name; of several the one whose reference sorts first."""
    row = context.connection.exec_driver_sql(
        "SELECT reference, name FROM practitioner WHERE login = ? ORDER BY reference LIMIT 1", (login,)
    ).one_or_none()
    return None if row is None else Nurse(login, row[0], row[1])


def practitioners(context: Context, references: Iterable[str]) -> dict[str, tuple[str | None, str]]:
    """Reference → login and name, of those known. A centre has few: they are read in one go."""
    wanted = set(references)
    if not wanted:
        return {}
    rows = context.connection.exec_driver_sql("SELECT reference, login, name FROM practitioner")
    return {row[0]: (row[1], row[2]) for row in rows if row[0] in wanted}


def folded(text: str) -> str:
    """Text for comparing without regard to case, in one normal form."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def _searchable(name: str) -> str:
    """The name folded, then once more with plain letters for accented ones."""
    one = folded(name)
    return f"{one}\n{''.join(map(_plain, one))}"


def _plain(letter: str) -> str:
    if letter in _KEPT:
        return letter
    apart = unicodedata.normalize("NFD", letter.translate(_PLAIN))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
