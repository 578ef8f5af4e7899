"""`triage engine templates` and `propose`: what is proposed is a plan that the engine takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from programmes import template_names
from threshold_engine import read_plan
from triage_tui.cli.commands import app


def run(*args: str) -> tuple[int, list[dict[str, object]]]:
    done = CliRunner().invoke(app, ["--lang", "en", "engine", *args])
    return done.exit_code, [
        json.loads(line) for line in done.stdout.splitlines() if line.startswith(("{", "["))
    ]


def case(folder: Path, name: str, days: int, code: str = "spo2", value: int = 95) -> str:
    readings = [
        {
            "id": f"r{n}",
            "patient": "p1",
            "code": code,
            "value": value + n % 3 - 1,
            "effective": f"2026-01-{n + 1:02d}T07:00:00Z",
        }
        for n in range(days)
    ]
    path = folder / name
    path.write_text(json.dumps({"readings": readings, "plans": [], "now": "2026-02-01T08:00:00Z"}))
    return str(path)


def test_all_templates_are_listed() -> None:
    code, (listed,) = run("templates", "--json")
    assert code == 0
    assert [each["name"] for each in listed] == list(template_names())
    assert all(each["rules"] and (each["measures"] or each["forms"]) and each["zones"] for each in listed)


@pytest.mark.parametrize("template", template_names())
def test_each_template_proposes_a_plan_in_force_from_now(template: str, tmp_path: Path) -> None:
    code, lines = run("propose", "--template", template, case(tmp_path, "a.json", 14), "--json")
    assert code == 0
    assert lines[0]["case"] == "a.json"
    plan = read_plan(lines[0]["plan"])
    assert plan.patient == "p1"
    assert plan.in_force(plan.versions[0].valid_from) is not None
    assert lines[0]["plan"]["versions"][0]["valid_from"] == "2026-02-01T08:00:00.000Z"


def test_own_readings_give_own_limits_and_few_give_wider_ones(tmp_path: Path) -> None:
    own = case(tmp_path, "own.json", 14, value=97)
    few = case(tmp_path, "few.json", 3, value=97)
    _, lines = run("propose", "--template", "copd", own, few)

    def red_below(line: dict[str, object]) -> int:
        rules = line["plan"]["versions"][0]["rules"]
        return next(rule["red_below"] for rule in rules if rule["id"] == "spo2-low")

    assert red_below(lines[0]) > red_below(lines[1])


def test_what_is_no_case_is_an_error_line_and_the_others_are_proposed(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    code, lines = run("propose", "--template", "copd", str(broken), case(tmp_path, "a.json", 14))
    assert code == 1
    assert ["error" in line for line in lines] == [True, False]
