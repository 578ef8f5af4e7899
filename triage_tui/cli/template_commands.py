"""`triage engine templates` and `propose`: the programmes, and the plan that one makes for a person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from programmes import Template

AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]


def add_to(engine_app: typer.Typer) -> None:
    """Register the commands."""
    engine_app.command("templates")(templates)
    engine_app.command("propose")(propose)


def templates(as_json: AsJson = False) -> None:
    """List the programme templates: what each measures, and by which rules."""
    from programmes import load_template, template_names
    from triage_tui.cli.as_json import print_json

    found = [load_template(name) for name in template_names()]
    if as_json:
        print_json([_template_json(template) for template in found])
        return
    for template in found:
        labels = [measure.label for measure in template.measures] + [form.label for form in template.forms]
        typer.echo(f"{template.name}: {template.title} ({', '.join(labels)})")


def _template_json(template: Template) -> dict[str, object]:
    return {
        "name": template.name,
        "title": template.title,
        "baseline_days": template.baseline_days,
        "measures": [
            {"code": measure.code, "label": measure.label, "every": measure.every}
            for measure in template.measures
        ],
        "forms": [{"questionnaire": form.questionnaire, "every": form.every} for form in template.forms],
        "rules": [rule.id for rule in template.rules],
        "zones": [
            {"colour": zone.colour, "patient": zone.patient, "centre": zone.centre} for zone in template.zones
        ],
    }


def propose(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help='Cases as JSON: {"readings", "now"} of one patient.'),
    ],
    template: Annotated[str, typer.Option(help="A name that `triage engine templates` lists.")],
    as_json: Annotated[bool, typer.Option("--json", help="NDJSON, as it always is.")] = False,
) -> None:
    """Propose a plan for each case's patient, in force from its `now`: NDJSON, a line for each file.

    A case that no plan can be made for gets a line with "error", the others get theirs, and the exit is 1.
    """
    from programmes import load_template, template_names
    from triage_tui.cli.as_json import print_json

    del as_json
    if template not in template_names():
        raise typer.BadParameter(f"--template is one of: {', '.join(template_names())}.")
    failed = False
    for line in _proposed(load_template(template), files):
        failed = failed or "error" in line
        print_json(line)
    if failed:
        raise typer.Exit(1)


def _proposed(template: Template, files: list[Path]) -> Iterator[dict[str, object]]:
    """`{"case", "plan"}` or `{"case", "error"}` for each file."""
    from threshold_engine import EngineError

    for file in files:
        try:
            yield {"case": file.name, "plan": _plan(template, file.read_bytes())}
        except OSError as error:
            yield {"case": file.name, "error": f"can't be read: {error.strerror or error}"}
        except (EngineError, ValueError) as error:
            yield {"case": file.name, "error": str(error)}


def _plan(template: Template, text: bytes) -> dict[str, object]:
    """The plan for a case's patient. Raises EngineError, ValueError where it isn't a case of one patient."""
    from programmes import propose as propose_plan
    from threshold_engine import CaseError, load_case, parse_instant, read_reading

    case = load_case(text)
    if not isinstance(case, dict) or not isinstance(case.get("readings"), list):
        raise CaseError('must be an object {"readings", "now"}')
    found = [reading for raw in case["readings"] if (reading := read_reading(raw)) is not None]
    return propose_plan(template, found, parse_instant(str(case.get("now"))), patient=_patient(case)).plan


def _patient(case: dict[str, object]) -> str | None:
    """Whose plan it is to be: of the case's first reading, or of its first plan where there is none."""
    for name in ("readings", "plans"):
        found = case.get(name)
        for each in found if isinstance(found, list) else []:
            if isinstance(each, dict) and isinstance(each.get("patient"), str) and each["patient"]:
                return str(each["patient"])
    return None
