"""7: the pictures that she has sent; one is fetched and drawn when it is opened, and kept nowhere."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from triage_tui.chart.thread_words import picture_size, picture_title, picture_when
from triage_tui.screens.console import console_of
from triage_tui.screens.messages import Trouble
from triage_tui.screens.patient.page import Page, Tab, prose
from triage_tui.screens.session import SessionError
from triage_tui.widgets.marks import fit
from triage_tui.widgets.pick_list import PickLine, PickList
from triage_tui.widgets.text_lines import TextLines
from triage_tui.wording import _, clean

if TYPE_CHECKING:
    from PIL import Image as Pillow

    from threshold_engine.model import Instant
    from triage_tui.chart.views import Picture
    from triage_tui.screens.session import Session


@dataclass
class PictureFetched(Message):
    """A picture is there, decoded."""

    picture: Picture
    image: Pillow.Image


class PicturesTab(Tab):
    """A list of pictures with their dates, and the one that was opened."""

    def __init__(self) -> None:
        super().__init__(id="pictures", classes="tab")
        self._page: Page | None = None
        self._said = ""
        self._wanted: str | None = None
        """The picture that was asked for last: an older one that comes late isn't drawn."""

    def compose(self) -> ComposeResult:
        """The list, what is said of it, the picture."""
        yield PickList(fits=True, id="pictures-list")
        yield TextLines(id="pictures-said")
        yield Container(id="picture")

    def to_focus(self) -> Widget | None:
        """The list."""
        return self.query_one("#pictures-list")

    def show_page(self, page: Page) -> None:
        """The list."""
        self._page = page
        pictures, now = page.chart.pictures, page.now
        self.query_one("#pictures-list").display = bool(pictures)
        self.query_one("#pictures-list", PickList).show([_line(one, now) for one in pictures])
        if not pictures:
            self.say(_("The patient has sent no pictures."))
        elif not self._said:
            self.say(_("enter: fetch the picture and show it"))

    def say(self, words: str) -> None:
        """Say something over the picture."""
        self._said = words
        self.query_one("#pictures-said", TextLines).show(lambda width, _height: prose([words], width))

    def on_pick_list_picked(self, message: PickList.Picked) -> None:
        """Fetch the picture in a thread, and decode it there."""
        message.stop()
        found = [one for one in self._page.chart.pictures if one.id == message.key] if self._page else []
        if not found or self._page is None:
            return
        picture, patient = found[0], self._page.view.person.id
        self._wanted = picture.id
        self.query_one("#picture").remove_children()
        self.say(_("Fetching the picture …"))

        def fetch(session: Session) -> PictureFetched:
            data = session.picture(patient, picture.url)
            from triage_tui.widgets.picture import BadPicture, decoded  # noqa: PLC0415 - costs Pillow

            try:
                return PictureFetched(picture, decoded(data))
            except BadPicture as error:
                raise SessionError(_(str(error))) from error

        console_of(self).ask(self, fetch, group="picture")

    def on_trouble(self, message: Trouble) -> None:
        """It can't be had, or isn't one: said here, where the picture would be."""
        message.stop()
        self.say(clean(message.words))

    def on_picture_fetched(self, message: PictureFetched) -> None:
        """Draw it, where this terminal can."""
        message.stop()
        if self._page is None or message.picture.id != self._wanted:
            return
        from triage_tui.widgets.picture import picture_widget, protocol  # noqa: PLC0415 - costs Pillow

        how = protocol(os.environ)
        heading = f"{picture_when(message.picture, self._page.now)} · {picture_title(message.picture)}"
        if how == "none":
            self.say(heading + " · " + _("This terminal can't show pictures: open it in a viewer."))
            return
        self.say(heading)
        self.query_one("#picture").mount(picture_widget(message.image, how))


def _line(picture: Picture, now: Instant) -> PickLine:
    def draw(width: int) -> Strip:
        size = picture_size(picture)
        text = f"{picture_title(picture)} · {size}" if size else picture_title(picture)
        return Strip([Segment(fit(picture_when(picture, now), 15)), Segment(fit(text, width - 15))])

    return PickLine(picture.id, draw)
