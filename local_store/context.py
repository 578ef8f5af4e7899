"""What every query needs: the connection of one transaction, and its words and patients as integers."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from local_store.vocabulary import Lookup, Words


@dataclass(frozen=True, slots=True)
class Context:
    """One transaction's connection and lookups."""

    connection: Connection
    words: Words
    patients: Lookup

    def committed(self) -> None:
        """Tell the lookups that what they gave numbers to stands in the database."""
        self.words.committed()
        self.patients.committed()
