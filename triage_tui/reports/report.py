"""A report as a table of tables: the same for the screen, a text, Markdown, CSV and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from threshold_engine.model import Instant

Plain: TypeAlias = str | int | float | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, and how it is shown: safe to draw."""

    value: Plain
    shown: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name in JSON and CSV, and in words."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report; `nothing` is said where it has no rows."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]
    nothing: str


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report."""

    name: str
    """`handover`, `indicators` or `alarms`."""
    title: str
    about: str
    """Which centre and time, how fresh: a line, safe to draw."""
    made: Instant
    start: Instant
    end: Instant
    sections: tuple[Section, ...]
    patients: tuple[str, ...]
    """Whom it tells of, for the access log."""


def cell(value: Plain, shown: str | None = None) -> Cell:
    """A value that is shown as it is, or otherwise."""
    return Cell(value, ("" if value is None else str(value)) if shown is None else shown)
