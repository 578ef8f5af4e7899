"""`triage engine`: the threshold engine on case files, without a server or a store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

engine_app = typer.Typer(help="The threshold engine on case files.", no_args_is_help=True)


@engine_app.callback()
def engine() -> None:
    """The threshold engine on case files."""


@engine_app.command()
def evaluate(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help='Cases as JSON: {"plans", "readings", "now"}.')
    ],
) -> None:
    """Judge each case and print its episodes: NDJSON, a line for each file in the order given.

    A case that can't be judged gets a line with "error", the others are judged, and the exit code is 1.
    """
    failed = False
    for line in _judged(files):
        failed = failed or "error" in line
        typer.echo(json.dumps(line))
    if failed:
        raise typer.Exit(1)


def _judged(files: list[Path]) -> Iterator[dict[str, object]]:
    """`{"case", "episodes"}` or `{"case", "error"}` for each file."""
    from threshold_engine import CaseError, EngineError, evaluate_case, load_case

    for file in files:
        try:
            case = load_case(file.read_bytes())
            if not isinstance(case, dict):
                raise CaseError('must be an object {"plans", "readings", "now"}')
            yield {"case": file.name, "episodes": evaluate_case(case)}
        except OSError as error:
            yield {"case": file.name, "error": f"can't be read: {error.strerror or error}"}
        except EngineError as error:
            yield {"case": file.name, "error": str(error)}
