"""What a centre says in its own way: `centre.toml` in the profile's folder, or what stands here.

    quick_replies = ["Takk, vi har sett målingene dine."]
    video_link = "https://video.example.no/{room}"

`{room}` is a new random name for each call. Nothing about patients belongs into the file: it isn't encrypted.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

from triage_tui.cli.failure import Failure
from triage_tui.screens.patient_acts import CentreWords
from triage_tui.wording import N_, _

FILE: Final = "centre.toml"
_REPLIES: Final = (
    N_("Thank you, we have seen your readings. Carry on as before."),
    N_("Please rest for five minutes, and measure again."),
    N_("We will ring you today."),
    N_("Please ring us when you have read this."),
)


@dataclass(frozen=True, slots=True)
class CentreFile:
    """What stands in it."""

    quick_replies: tuple[str, ...] | None = None
    """None: those that the console brings along, in the language in use."""
    video_link: str | None = None
    """With `{room}` in it."""

    def words(self) -> CentreWords:
        """The quick replies, and a video room of its own for the next call."""
        replies = tuple(_(reply) for reply in _REPLIES) if self.quick_replies is None else self.quick_replies
        link = self.video_link
        return CentreWords(replies, link.replace("{room}", uuid4().hex) if link else None)


def read_centre_file(folder: Path) -> CentreFile:
    """Read the profile's file; without one nothing is the centre's own.

    Raises:
        Failure: It can't be read, or says something else than that.
    """
    path = folder / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return CentreFile()
    except (OSError, UnicodeError):
        raise _wrong(path) from None
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise _wrong(path) from None
    replies, link = found.get("quick_replies"), found.get("video_link")
    texts = [] if replies is None else replies
    if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
        raise _wrong(path)
    if link is not None and not (isinstance(link, str) and link.startswith("https://") and "{room}" in link):
        raise _wrong(path)
    return CentreFile(None if replies is None else tuple(texts), link)


def _wrong(path: Path) -> Failure:
    return Failure(
        _(
            "{path} can't be read. It holds quick_replies, a list of texts, and video_link, an https address"
            " with {room} in it; put it right, or take it away."
        ).format(path=path, room="{room}")
    )
