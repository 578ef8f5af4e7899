"""What importing the engine brings in."""

from __future__ import annotations

import subprocess
import sys


def loaded(statement: str) -> set[str]:
    """Top-level modules outside the standard library that a statement brings in."""
    script = (
        f"import sys; before = set(sys.modules); {statement}\n"
        "names = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(*sorted(names - sys.stdlib_module_names))"
    )
    done = subprocess.run([sys.executable, "-S", "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_engine_needs_nothing_but_the_standard_library() -> None:
    assert loaded("import threshold_engine") == {"threshold_engine"}


def test_only_the_batch_judge_needs_numpy() -> None:
    script = (
        "import sys, threshold_engine, threshold_engine.cases; assert 'numpy' not in sys.modules;"
        "import threshold_engine.batch; assert 'numpy' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
