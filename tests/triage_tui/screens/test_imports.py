"""First paint comes before the store and the HTTP client are loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import triage_tui

ROOT = Path(triage_tui.__file__).parent.parent
HEAVY = (
    "sqlmodel",
    "sqlalchemy",
    "sqlcipher3",
    "httpx",
    "pydantic",
    "numpy",
    "keyring",
    "cryptography",
)


def test_the_app_loads_nothing_slow() -> None:
    code = f"import sys, triage_tui.app; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_words_load_without_textual() -> None:
    code = "import sys, triage_tui.wording; print('textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_screens_load_after_the_first_paint() -> None:
    ours = "m.startswith('triage_tui') and m.endswith(('_screen', '_form'))"
    code = f"import sys, triage_tui.app; print([m for m in sys.modules if {ours}])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_patients_page_is_opened_without_what_draws_pictures() -> None:
    loaded = "[m for m in ('PIL', 'textual_image', 'sqlmodel', 'httpx') if m in sys.modules]"
    code = f"import sys, triage_tui.screens.navigation; print({loaded})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
