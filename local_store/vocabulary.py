"""Words and patients as integers: looked up once, remembered once committed."""

from __future__ import annotations

from threading import Lock
from typing import Final

from sqlalchemy import Connection

NO_WORD: Final = 0
"""Stands for no word, and for the empty one."""


class Numbering:
    """Integers for the strings of one table, shared by all transactions of a store; rows are never deleted.

    Only what is committed is remembered, so that a rolled-back transaction leaves no number behind.
    """

    def __init__(self, find: str, find_text: str, add: str) -> None:
        self._find, self._find_text, self._add = find, find_text, add
        self._numbers: dict[str, int] = {}
        self._texts: dict[int, str] = {}
        self._lock = Lock()

    def number(self, connection: Connection, text: str) -> int | None:
        """The integer of a string; None where the table doesn't have it."""
        known = self._numbers.get(text)
        if known is not None:
            return known
        found: int | None = connection.exec_driver_sql(self._find, (text,)).scalar()
        return found

    def text(self, connection: Connection, number: int) -> str:
        """The string that an integer stands for."""
        known = self._texts.get(number)
        if known is None:
            known = str(connection.exec_driver_sql(self._find_text, (number,)).scalar_one())
        return known

    def add(self, connection: Connection, text: str) -> int:
        """Give a string its integer, inside a write transaction."""
        return int(connection.exec_driver_sql(self._add, (text,)).scalar_one())

    def remember(self, committed: dict[str, int]) -> None:
        """Keep what is sure to stay."""
        with self._lock:
            self._numbers.update(committed)
            self._texts.update({number: text for text, number in committed.items()})


class Lookup:
    """One transaction's view of a numbering: it sees its own additions, and hands them on at commit."""

    def __init__(self, numbering: Numbering, connection: Connection) -> None:
        self._numbering, self._connection = numbering, connection
        self._seen: dict[str, int] = {}
        self._texts: dict[int, str] = {}

    def find(self, text: str) -> int | None:
        """The integer of a string; None where there is none yet."""
        number = self._seen.get(text)
        if number is None:
            number = self._numbering.number(self._connection, text)
            if number is not None:
                self._note(text, number)
        return number

    def make(self, text: str) -> int:
        """The integer of a string, given now if need be (write transactions only)."""
        number = self.find(text)
        if number is None:
            number = self._numbering.add(self._connection, text)
            self._note(text, number)
        return number

    def text(self, number: int) -> str:
        """The string that an integer stands for."""
        text = self._texts.get(number)
        if text is None:
            text = self._numbering.text(self._connection, number)
            self._note(text, number)
        return text

    def committed(self) -> None:
        """Hand on what was seen and given: it stands in the database now."""
        self._numbering.remember(self._seen)

    def _note(self, text: str, number: int) -> None:
        self._seen[text] = number
        self._texts[number] = text


class Words(Lookup):
    """Words, with 0 for none: most columns that hold a word may be empty."""

    def number_of(self, text: str | None) -> int:
        """The integer of a word, given now if need be; 0 for none and for the empty one."""
        return self.make(text) if text else NO_WORD

    def word(self, number: int) -> str:
        """The word; empty for 0."""
        return self.text(number) if number else ""


def words() -> Numbering:
    """The numbering of words."""
    return Numbering(
        "SELECT n FROM word WHERE word = ?",
        "SELECT word FROM word WHERE n = ?",
        "INSERT INTO word (word) VALUES (?) RETURNING n",
    )


def patients() -> Numbering:
    """The numbering of patients, by logical id."""
    return Numbering(
        "SELECT n FROM patient WHERE id = ?",
        "SELECT id FROM patient WHERE n = ?",
        "INSERT INTO patient (id) VALUES (?) RETURNING n",
    )
