"""`M`: blue items of one kind completed or put off together. All names are listed, one reason is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.strip import Strip

from triage_tui.screens.console import console_of
from triage_tui.screens.messages import Trouble
from triage_tui.screens.overview_messages import ManySettled
from triage_tui.widgets.head_line import HeadLine, Part
from triage_tui.widgets.marks import BOLD, KEY, PLAIN, WARNING
from triage_tui.widgets.text_lines import TextLines, cut, line, wrap
from triage_tui.wording import N_, _, clean, ngettext, reason
from triage_tui.wording.acts import AWAITING
from triage_tui.wording.dates import when
from triage_tui.wording.outcomes import outcome_word
from triage_tui.wording.people import last_digits
from triage_tui.wording.refusals import refusal_words
from work_items import AWAITING_READING, Centre
from work_items.model import Band, Outcome

if TYPE_CHECKING:
    from local_store.views import QueueEntry
    from triage_tui.acts.done import ActDone
    from triage_tui.screens.session import Session
    from work_items import Item

_NAMES: Final = 8
"""So many lines for the names; more of them are cut with an ellipsis only where no terminal holds them."""


@dataclass(frozen=True, slots=True)
class _Choice:
    """A letter, and what it does to all of them."""

    letter: str
    outcome: Outcome | None = None
    why: str = ""
    """Of putting off: the reason, a msgid."""


CHOICES: Final = (
    _Choice("n", Outcome.NO_ACTION),
    _Choice("t", Outcome.TECHNICAL_FIXED),
    _Choice("x", Outcome.FALSE_ALARM),
    _Choice("i", why=AWAITING),
    _Choice("s", why=N_("waiting for an answer")),
)


def together_with(
    entry: QueueEntry, entries: Iterable[QueueEntry], marked: frozenset[str]
) -> tuple[list[tuple[QueueEntry, Item]], int]:
    """The items that go with the first chosen one, and how many marked rows have none of its kind.

    Chosen are the marked rows; where none is, all blue rows. The row under the cursor tells the kind, if it
    is chosen.
    """
    blue = [e for e in entries if e.row.band is Band.BLUE and not e.put_off]
    chosen = [e for e in blue if e.row.patient in marked] if marked else blue
    leader = next((e for e in chosen if e.row.patient == entry.row.patient), None)
    if leader is None:
        if not marked or not chosen:
            return [], 0
        leader = chosen[0]
    kind = _kind(leader.row.items[0])
    pairs = [(e, item) for e in chosen for item in e.row.items if _kind(item) == kind]
    without = len(chosen) - len({e.row.patient for e, _item in pairs}) if marked else 0
    return pairs, without


def _kind(item: Item) -> tuple[str, str | None]:
    return (item.code.value, item.kind)


class ManyForm(ModalScreen[ManySettled | None]):
    """Gives what was done to all of them."""

    CSS_PATH = "form.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("enter", "save", show=False, priority=True),
    ]

    def __init__(self, pairs: Sequence[tuple[QueueEntry, Item]], left_out: int) -> None:
        super().__init__(classes="panel")
        self.pairs = pairs
        self.choice: _Choice | None = None
        self._left_out = left_out
        self._sending = False

    def compose(self) -> ComposeResult:
        """Title, names, choices, refusal, keys."""
        with Vertical(id="form"):
            yield HeadLine(id="form-title")
            yield TextLines(id="items")
            yield TextLines(id="choices")
            yield TextLines(id="form-problem")
            yield HeadLine(id="form-keys", between="   ")

    def on_mount(self) -> None:
        """Fill in the lines."""
        n = len(self.pairs)
        words = ngettext("{n} blue alert together", "{n} blue alerts together", n).format(n=n)
        first, item = self.pairs[0]
        told = reason(item, first.because.get(item.task), console_of(self).now())
        kind = _("like: {reason}").format(reason=told)
        self.query_one("#form-title", HeadLine).show(
            [Part(words, BOLD, keep=9), Part(kind, keep=3, least=12)]
        )
        keys = [Part("enter " + _("do it to all"), KEY), Part("esc " + _("leave"))]
        self.query_one("#form-keys", HeadLine).show(keys)
        names = self._names(max(20, self.app.size.width - 3))
        shown = self.query_one("#items", TextLines)
        shown.styles.height = len(names)
        shown.show(lambda _width, _height: [line(f" {text}") for text in names])
        self.query_one("#choices", TextLines).styles.height = len(CHOICES)
        self.say("")
        self._show()

    def _names(self, width: int) -> list[str]:
        named = "; ".join(
            f"{clean(entry.person.name)} {last_digits(entry.person.national_id)}"
            for entry, _item in self.pairs
        )
        lines = cut(wrap(named, width), max(_NAMES, self.app.size.height - 12), width)
        if self._left_out:
            words = ngettext(
                "{n} marked row has nothing of this kind, and is left out.",
                "{n} marked rows have nothing of this kind, and are left out.",
                self._left_out,
            )
            lines.append(words.format(n=self._left_out))
        return lines

    def _words(self, choice: _Choice) -> str:
        if choice.outcome is not None:
            return _("Completed: {outcome}").format(outcome=outcome_word(choice.outcome.value))
        now = console_of(self).now()
        until = when(Centre().next_opening_day_at(now, 8), now)
        return _("Put off until {when}").format(when=until) + f": {_(choice.why)}"

    def _show(self) -> None:
        lines = [
            Strip(
                [
                    Segment(" ▶ " if one is self.choice else "   "),
                    Segment(one.letter, KEY),
                    Segment(f"  {self._words(one)}", BOLD if one is self.choice else PLAIN),
                ]
            )
            for one in CHOICES
        ]
        self.query_one("#choices", TextLines).show(lambda _width, _height: lines)

    def say(self, problem: str) -> None:
        """Why it can't be done, or nothing."""
        told = self.query_one("#form-problem", TextLines)
        lines = wrap(problem, max(20, self.app.size.width - 4)) if problem else []
        told.styles.height = len(lines)
        told.display = bool(lines)
        told.show(lambda _width, _height: [line(f" {text}", WARNING) for text in lines])

    def on_key(self, event: events.Key) -> None:
        """A letter chooses; it does nothing yet."""
        for one in CHOICES:
            if event.character == one.letter:
                event.stop()
                self.choice = one
                self.say("")
                self._show()

    def action_save(self) -> None:
        """Do it to all of them, or to none."""
        choice = self.choice
        if choice is None:
            self.say(_("Choose by a letter first what is to be done."))
            return
        if self._sending:
            return
        self._sending = True
        now, tasks = console_of(self).now(), [item.task for _entry, item in self.pairs]

        def act(session: Session) -> Sequence[ActDone]:
            if choice.outcome is not None:
                return session.overview.complete_many(tasks, choice.outcome.value)
            reason = AWAITING_READING if choice.why == AWAITING else _(choice.why)
            return session.overview.shelve_many(tasks, Centre().next_opening_day_at(now, 8), reason)

        said = self._words(choice)

        def settled(session: Session) -> Message:
            from triage_tui.acts.refused import ActRefused  # noqa: PLC0415 - first paint doesn't need acts

            try:
                return ManySettled(said, act(session))
            except ActRefused as error:
                return ManySettled(said, (), refusal_words(error.message_id, error.facts, session.now()))

        console_of(self).ask(self, settled, group="act", exclusive=False)

    def on_many_settled(self, message: ManySettled) -> None:
        """Saved: close. Refused: say why and stay."""
        message.stop()
        self._sending = False
        if message.refused is not None:
            self.say(message.refused)
        else:
            self.dismiss(message)

    def on_trouble(self, message: Trouble) -> None:
        """The cache couldn't be written."""
        message.stop()
        self._sending = False
        self.say(clean(message.words))

    def action_leave(self) -> None:
        """Nothing is done."""
        self.dismiss(None)
