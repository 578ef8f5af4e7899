"""A report in each of its formats: complete, and harmless to whatever reads it."""

from __future__ import annotations

import csv
import io
import json
import stat
from pathlib import Path

import pytest

from triage_tui.reports.formats import as_csv, as_json, as_markdown, as_text
from triage_tui.reports.report import Column, Report, Section, cell
from triage_tui.reports.saving import save

EVIL = ("=1+1", "+47 123", "-1", "@SUM(A1)", "\tx", "|pipe| *bold* <b>")
REPORT = Report(
    name="handover",
    title="Vaktrapport",
    about="Senteret",
    made=3_600_000,
    start=0,
    end=3_600_000,
    sections=(
        Section(
            "open",
            "Åpne",
            (Column("patient", "id"), Column("name", "pasient")),
            [(cell(f"p{n}", ""), cell(text)) for n, text in enumerate(EVIL)],
            "Ingen.",
        ),
        Section("taken", "Tatt", (Column("n", "antall"),), [], "Ingen."),
        Section("numbers", "Tall", (Column("n", "antall"),), [(cell(-2.5),)], ""),
    ),
    patients=("p0",),
)


def test_no_cell_of_a_csv_is_a_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(REPORT))))
    names = [row["name"] for row in rows if row["section"] == "open"]
    assert names == ["'=1+1", "'+47 123", "'-1", "'@SUM(A1)", "'\tx", "|pipe| *bold* <b>"]
    assert rows[-1]["n"] == "-2.5"


def test_json_has_every_value_under_its_name() -> None:
    told = json.loads(as_json(REPORT))
    assert (told["report"], told["from"], told["to"]) == (
        "handover",
        "1970-01-01T00:00:00.000Z",
        "1970-01-01T01:00:00.000Z",
    )
    assert told["sections"]["open"][0] == {"patient": "p0", "name": "=1+1"}
    assert told["sections"]["taken"] == [] and told["sections"]["numbers"] == [{"n": -2.5}]


def test_markdown_escapes_what_would_be_markup_and_leaves_ids_out() -> None:
    text = as_markdown(REPORT)
    assert "| \\|pipe\\| \\*bold\\* \\<b\\> |" in text
    assert "p0" not in text and "## Tatt (0)\n\nIngen." in text


def test_text_says_where_there_is_nothing() -> None:
    assert "Åpne (6)\n  =1+1\n" in as_text(REPORT) and "Tatt (0)\n  Ingen.\n" in as_text(REPORT)


def test_a_saved_report_is_its_owners_alone_and_overwrites_nothing(tmp_path: Path) -> None:
    file = tmp_path / "rapport.md"
    save("# Vakt", file)
    assert file.read_text() == "# Vakt" and stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        save("annet", file)
    assert file.read_text() == "# Vakt"
