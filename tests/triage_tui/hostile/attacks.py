"""Texts that attack whoever shows them. Not a test file."""

from __future__ import annotations

from itertools import cycle
from typing import Final

SEEN: Final = "Čáŋđ"
"""Stands in every attack that isn't empty, so that a test can see that it was shown at all."""

ATTACKS: Final = (
    f"{SEEN} [/nope] [bold",
    f"{SEEN} [@click=app.quit]KLIKK[/]",
    f"{SEEN} \x1b]0;tittel\x07 \x1b]52;c;aGVtbWVsaWc=\x07",
    f"{SEEN} \x1b[2J\x1b[31m\x1bP1$r\x1b\\ \x9b2J \x9d0;x\x9c",
    f"{SEEN} \u202eabc\u202c \u2066def\u2069 \u200fשלום مرحبا",
    f"{SEEN} første\r\nandre\ttredje\u2028fjerde\x0b",
    f"{SEEN} 漢字かな 한글 ｆｕｌｌ",
    f"{SEEN} 👩\u200d⚕️ 👨\u200d👩\u200d👧 ❤️ 🇳🇴 👍🏽 1️⃣",
    f"{SEEN} A\u030a e\u0301 Z" + "\u0335" * 40,
    f"{SEEN} \u200b\ufeff\u00ad\u3164\U000e0041 $(reboot) `x` %s {{0}} {{text}}",
    f"{SEEN} <script>alert(1)</script> ' OR 1=1 -- ../../etc/passwd",
    SEEN + " [b]Å" * 1_660,
    "",
)
"""One of each sort; the longest has 10,000 characters."""

REFUSED: Final = f"{SEEN} \x00"
"""JSON may hold it, FHIR may not: a server is to refuse it."""


def in_turn() -> cycle[str]:
    """The attacks, one after the other, for ever."""
    return cycle(ATTACKS)
