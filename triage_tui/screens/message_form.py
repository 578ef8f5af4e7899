"""`m`: what she wrote, and an answer. Budget: m, a digit for a quick reply, F12."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import TextArea

from triage_tui.screens.console import console_of
from triage_tui.screens.loaded_form import LoadedForm
from triage_tui.widgets.choice_lines import Choice, choice_lines
from triage_tui.widgets.text_lines import TextLines, cut, line, wrap
from triage_tui.wording import _, clean
from triage_tui.wording.timeline import corrected_in, told

if TYPE_CHECKING:
    from local_store.views import TimelineEntry
    from triage_tui.screens.session import Acts
    from triage_tui.widgets.subject import Subject

_THREAD_LINES: Final = 5
_REPLIES: Final = 5


@dataclass(frozen=True, slots=True)
class Thread:
    """What the form shows."""

    entries: Sequence[TimelineEntry]
    """Newest first."""
    replies: tuple[str, ...]


class MessageForm(LoadedForm):
    """The latest messages, the centre's quick replies, and the text. To read is to have opened."""

    NAME = "message"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f12", "sign", show=False, priority=True)]

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self._replies: tuple[str, ...] = ()

    def heading(self) -> str:
        """What the form does."""
        return _("Message")

    def keys(self) -> Sequence[tuple[str, str]]:
        """The form's keys."""
        return [("F12", _("send")), ("s", _("write"))]

    def fields(self) -> Iterable[Widget]:
        """The thread, the quick replies and the text."""
        yield TextLines(id="thread")
        yield TextLines(id="choices")
        area = TextArea(self.draft, id="text", soft_wrap=True, show_line_numbers=False)
        area.cursor_blink = False
        area.can_focus = False
        yield area

    @property
    def _area(self) -> TextArea:
        return self.query_one("#text", TextArea)

    def on_mount(self) -> None:
        """Read first; a draft goes on being written."""
        super().on_mount()
        self.query_one("#thread", TextLines).styles.height = _THREAD_LINES
        if self.draft:
            self._write()

    def load(self, acts: Acts) -> object:
        """The thread, which is opened by it, and the quick replies."""
        return Thread(acts.thread(self.subject.person.id), acts.centre_words().quick_replies)

    def loaded(self, content: object) -> None:
        """Show the latest messages, the newest last, and the replies."""
        if isinstance(content, Thread):
            self._show_thread(content.entries)
            self._show_replies(content.replies[:_REPLIES])

    def _show_replies(self, replies: tuple[str, ...]) -> None:
        self._replies = replies
        choices = [Choice(str(at + 1), clean(words)) for at, words in enumerate(replies)]
        lines = self.query_one("#choices", TextLines)
        lines.styles.height = len(choices)
        lines.show(lambda width, _height: choice_lines(choices, width))

    def _show_thread(self, entries: Sequence[TimelineEntry]) -> None:
        gone, now = corrected_in(entries), console_of(self).now()
        texts = [told(one, now, corrected=one.id in gone) for one in reversed(entries)]

        def drawing(width: int, height: int) -> list[Strip]:
            lines = [
                part for text in texts[-height:] for part in cut(wrap(text, width - 2, "  "), 3, width - 2)
            ]
            shown = lines[-height:] or [_("Nobody has written yet.")]
            return [line(f" {text}") for text in shown]

        self.query_one("#thread", TextLines).show(drawing)

    def _write(self) -> None:
        self._area.can_focus = True
        self.set_focus(self._area)
        self._area.move_cursor(self._area.document.end)

    def on_key(self, event: events.Key) -> None:
        """s writes, a digit takes a quick reply; from then on the text has the keys."""
        if self._area.has_focus:
            return
        digits = {str(at + 1): words for at, words in enumerate(self._replies)}
        if event.key in digits:
            self._area.load_text(clean(digits[event.key], multiline=True))
        elif event.key != "s":
            return
        event.stop()
        event.prevent_default()
        self._write()

    def typed(self) -> str:
        """The message."""
        return self._area.text

    def action_sign(self) -> None:
        """Send it."""
        text = self.typed().strip()
        if not text:
            self.say(_("The message is empty. Press s and write, or choose a quick reply by its digit."))
            return
        patient = self.subject.person.id
        self.send(lambda acts: acts.message(patient, text), _("Message written"))
