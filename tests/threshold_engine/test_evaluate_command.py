"""`triage engine evaluate`: case files in, NDJSON out."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from triage_tui.cli.engine_commands import engine_app

VECTORS = Path(__file__).parent / "vectors"


def run(*files: Path) -> tuple[Result, list[dict[str, Any]]]:
    result = CliRunner().invoke(engine_app, ["evaluate", *map(str, files)])
    return result, [json.loads(line) for line in result.stdout.splitlines()]


def test_each_file_gets_a_line_in_the_order_given() -> None:
    names = ["corner-weeks.json", "000.json", "corner-no-plan-for-patient.json"]
    result, lines = run(*(VECTORS / name for name in names))

    assert result.exit_code == 0
    assert [line["case"] for line in lines] == names
    for line, name in zip(lines, names, strict=True):
        assert line["episodes"] == json.loads((VECTORS / name).read_text())["expect"]


def test_file_that_cannot_be_judged_fails_at_the_end_and_the_others_are_judged(tmp_path: Path) -> None:
    good = VECTORS / "corner-weeks.json"
    plan = {"patient": "p", "versions": [{"version": 1, "valid_from": "2026-01-01T00:00:00Z", "rules": [5]}]}
    texts = {
        "plan.json": json.dumps({"plans": [plan], "readings": [], "now": "2026-01-01T00:00:00Z"}),
        "list.json": "[]",
        "text.json": "not json",
        "empty.json": "",
        "part.json": '{"plans": []}',
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)

    result, lines = run(tmp_path, tmp_path / "none.json", good, *(tmp_path / name for name in texts), good)

    assert result.exit_code == 1
    assert [set(line) for line in lines] == [
        {"case", "episodes" if at in (2, 8) else "error"} for at in range(9)
    ]
    assert lines[1]["case"] == "none.json"
    assert lines[3]["error"].startswith("p: versions[0].rules[0]: ")


def test_no_file_is_wrong_usage() -> None:
    assert run()[0].exit_code == 2
