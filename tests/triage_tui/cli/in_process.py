"""Commands run in the test's own process: the same code, without a start of Python for each."""

from __future__ import annotations

from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from unittest.mock import patch

from tests.triage_tui.cli.conftest import Nurse, Ran
from triage_tui.cli.commands import app
from triage_tui.cli.explain import explain
from triage_tui.cli.failure import Failure


def run_here(nurse: Nurse, *args: str, stdin: str = "", **more_env: str) -> Ran:
    """What `nurse.run` does, by the same steps as `triage_tui.cli.main`."""
    out, err = StringIO(), StringIO()
    with (
        patch.dict("os.environ", nurse.env() | more_env),
        patch("sys.stdin", StringIO(stdin)),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            code = app(list(args), standalone_mode=False) or 0
        except Failure as failure:
            err.write(str(failure))
            code = failure.code
        except Exception as error:  # noqa: BLE001 - the last door, as in main
            sentence, code = explain(error)
            err.write(sentence)
    return Ran(int(code), out.getvalue(), err.getvalue())
