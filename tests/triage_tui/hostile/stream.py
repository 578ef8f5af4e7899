"""What a program sends to a terminal, taken apart. Not a test file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_SEQUENCE: Final = re.compile(
    rb"\x1b(?:"
    rb"\[(?P<csi>[0-?]*[ -/]*[@-~])"
    rb"|(?P<string>[\]PX^_].*?(?:\x07|\x1b\\|$))"
    rb"|(?P<charset>[()][0B])"
    rb"|(?P<other>.?))",
    re.DOTALL,
)
_KNOWN: Final = re.compile(
    r"\d*(;\d+)*[Hm]"  # go to a place; colours and faces
    r"|[0-3]?[JK]|\d+[XC]"  # clear, erase and pass over
    r"|\?\d+[hl]"  # modes: the other screen, the cursor, the mouse, pasting, whole frames
    r"|\?\d+\$p|6n|[<>=]\d*(;\d+)?u"  # asks for a mode and for the cursor's place; kinds of keys
)
_CONTROLS: Final = frozenset(range(0x20)) - {0x0A, 0x0D}
_C1: Final = re.compile("[\x7f-\x9f]")


def odd_in(sent: bytes) -> Iterator[str]:
    """Everything that no console of ours has reason to send: OSC, DCS, unknown sequences, bare controls."""
    plain = bytearray()
    end = 0
    for found in _SEQUENCE.finditer(sent):
        plain += sent[end : found.start()]
        end = found.end()
        csi = found.group("csi")
        if found.group("charset") is not None:
            continue
        if csi is None or not _KNOWN.fullmatch(csi.decode()):
            yield repr(found.group())
    plain += sent[end:]
    for byte in sorted(_CONTROLS & set(plain)):
        yield f"control {byte:#x}"
    for control in sorted(set(_C1.findall(plain.decode("utf-8")))):
        yield f"control {ord(control):#x}"
