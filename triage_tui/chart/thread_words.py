"""The thread with the patient, and her pictures, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from threshold_engine.model import Instant
from triage_tui.wording import N_, _, clean
from triage_tui.wording.dates import when

if TYPE_CHECKING:
    from triage_tui.chart.views import Picture, ThreadMessage

_KB: Final = 1024
_MEDIA: Final = {"app": N_("app"), "sms": N_("text message"), "phone": N_("phone"), "video": N_("video")}


def message_heading(message: ThreadMessage, now: Instant) -> str:
    """`i går 13:02 · pasienten · app · ULEST`."""
    who = _("the patient") if message.inbound else clean(message.author or "") or _("the centre")
    parts = [when(message.at, now), who]
    if message.medium:
        parts.append(_(_MEDIA.get(message.medium, message.medium)))
    if message.unread:
        parts.append(_("UNREAD"))
    elif message.opened_at is not None and message.inbound:
        parts.append(_("opened {when}").format(when=when(message.opened_at, now)))
    if not message.sent:
        parts.append(_("not sent"))
    return " · ".join(parts)


def attachment_lines(message: ThreadMessage) -> list[str]:
    """What hangs on it."""
    return [_("attachment: {name}").format(name=clean(name)) for name in message.attachments]


def thread_story(messages: Sequence[ThreadMessage], now: Instant, most: int) -> Iterator[str]:
    """The newest messages as plain lines."""
    for message in messages[:most]:
        yield f"{message_heading(message, now)}: «{clean(message.text)}»"
        yield from (f"  {text}" for text in attachment_lines(message))


def picture_title(picture: Picture) -> str:
    """`Bilde av såret · Fot`."""
    parts = [clean(picture.title), clean(picture.place)]
    return " · ".join(part for part in parts if part) or _("picture without a title")


def picture_when(picture: Picture, now: Instant) -> str:
    """When it was taken."""
    return when(picture.at, now) if picture.at is not None else _("time unknown")


def picture_size(picture: Picture) -> str:
    """`64 × 48, 2 kB`."""
    parts = [f"{picture.pixels[0]} × {picture.pixels[1]}"] if picture.pixels else []
    if picture.size is not None:
        parts.append(_("{n} kB").format(n=max(1, round(picture.size / _KB))))
    return ", ".join(parts)
