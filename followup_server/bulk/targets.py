"""What the entries of a large bundle are known as, kept in a temporary file instead of memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType

import sqlcipher3.dbapi2 as sqlite


class TargetsOnDisk(Mapping[str, str]):
    """fullUrl → `Type/id`; the file goes away with the block."""

    def __init__(self) -> None:
        self._database = sqlite.connect("", isolation_level=None)  # a nameless file of SQLite's own
        self._database.execute("CREATE TABLE target (url TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID")
        self._database.execute("BEGIN")

    def __enter__(self) -> TargetsOnDisk:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def add(self, targets: Iterable[tuple[str, str]]) -> None:
        """Keep some; of two with one fullUrl the last counts."""
        self._database.executemany("INSERT OR REPLACE INTO target VALUES (?, ?)", targets)

    def __getitem__(self, url: str) -> str:
        row = self._database.execute("SELECT name FROM target WHERE url = ?", (url,)).fetchone()
        if row is None:
            raise KeyError(url)
        return str(row[0])

    def __iter__(self) -> Iterator[str]:
        return (str(row[0]) for row in self._database.execute("SELECT url FROM target"))

    def __len__(self) -> int:
        return int(self._database.execute("SELECT count(*) FROM target").fetchone()[0])

    def __bool__(self) -> bool:
        return self._database.execute("SELECT 1 FROM target LIMIT 1").fetchone() is not None
