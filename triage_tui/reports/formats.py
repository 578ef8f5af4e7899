"""How a report is written: plain text, Markdown, CSV, JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from threshold_engine import format_instant
from triage_tui.reports.report import Cell, Report, Section

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection)."""


def as_text(report: Report) -> str:
    """Titles and lines, the parts of a line apart by ` · `."""
    return "\n".join(text_lines(report)) + "\n"


def text_lines(report: Report) -> Iterator[str]:
    """The lines of the text, as the screen shows them too."""
    yield report.title
    yield report.about
    for section in report.sections:
        yield ""
        yield _title(section)
        if not section.rows:
            yield f"  {section.nothing}"
        for row in section.rows:
            yield "  " + " · ".join(one.shown for one in row if one.shown)


def as_markdown(report: Report) -> str:
    """A heading and a table for each section."""
    lines = [f"# {_escaped(report.title)}", "", _escaped(report.about)]
    for section in report.sections:
        lines += ["", f"## {_escaped(_title(section))}", ""]
        lines += _table(section) if section.rows else [_escaped(section.nothing)]
    return "\n".join(lines) + "\n"


def as_csv(report: Report) -> str:
    """One table for all sections: `section`, then each column that any of them has, in their order."""
    keys = list(dict.fromkeys(column.key for section in report.sections for column in section.columns))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["section", *keys])
    for section in report.sections:
        for row in section.rows:
            named = {column.key: one for column, one in zip(section.columns, row, strict=True)}
            writer.writerow([section.key, *(_csv_cell(named.get(key)) for key in keys)])
    return out.getvalue()


def as_json(report: Report) -> str:
    """`{"report", "made", "from", "to", "sections": {key: [{column: value}]}}`; instants as text."""
    told = {
        "report": report.name,
        "made": format_instant(report.made),
        "from": format_instant(report.start),
        "to": format_instant(report.end),
        "sections": {
            section.key: [
                {column.key: one.value for column, one in zip(section.columns, row, strict=True)}
                for row in section.rows
            ]
            for section in report.sections
        },
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


FORMATS: Final[Mapping[str, Callable[[Report], str]]] = {
    "text": as_text,
    "md": as_markdown,
    "csv": as_csv,
    "json": as_json,
}


def _title(section: Section) -> str:
    """With how many there are, where there might be none; numbers aren't counted."""
    return f"{section.title} ({len(section.rows)})" if section.nothing else section.title


def _table(section: Section) -> list[str]:
    """What is only for machines is left out."""
    kept = [i for i in range(len(section.columns)) if any(row[i].shown for row in section.rows)]
    lines = [
        [section.columns[i].title for i in kept],
        *([row[i].shown for i in kept] for row in section.rows),
    ]
    table = ["| " + " | ".join(map(_escaped, line)) + " |" for line in lines]
    return [table[0], "|" + " --- |" * len(kept), *table[1:]]


def _escaped(text: str) -> str:
    """Text of others that is neither a table's border nor markup to a Markdown reader."""
    for sign in "\\`*_[]<>|#":
        text = text.replace(sign, f"\\{sign}")
    return text


def _csv_cell(one: Cell | None) -> str:
    """The value; text that a spreadsheet would take for a formula gets an apostrophe ahead."""
    if one is None or one.value is None:
        return ""
    text = str(one.value)
    return f"'{text}" if isinstance(one.value, str) and text.startswith(_FORMULA) else text
