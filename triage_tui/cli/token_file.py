"""The login of a program that runs by itself: a bearer token in a file that only its owner may read."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from triage_tui.cli.failure import UsageFailure
from triage_tui.wording import _

_DEMO: Final = "Bearer demo-device"
_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/=-]+")  # RFC 6750, 2.1


def authorization(token_file: Path | None, server: str) -> str | None:
    """The header Authorization: of the token in the file, or else, on this very machine, of the demo device.

    Raises:
        UsageFailure: The file can't be read, others may read it, or what it holds is no token.
    """
    if token_file is None:
        from fhir_r4.addresses import is_loopback

        return _DEMO if is_loopback(urlsplit(server).hostname or "") else None
    try:
        with token_file.open(encoding="utf-8") as opened:
            mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
            token = opened.readline().strip()
    except (OSError, UnicodeError):
        raise UsageFailure(_("The token file can't be read.")) from None
    if os.name == "posix" and mode & 0o077:
        raise UsageFailure(_("Others may read the token file; run: chmod 600 on it."))
    if not _TOKEN.fullmatch(token):
        raise UsageFailure(_("The token file's first line must be a bearer token and nothing else."))
    return f"Bearer {token}"
