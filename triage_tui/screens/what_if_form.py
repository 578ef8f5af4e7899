"""`h`: other limits tried on what has been measured. The answer stands beside them; nothing is changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Input

from triage_tui.screens.console import console_of
from triage_tui.screens.messages import Trouble
from triage_tui.widgets.head_line import HeadLine, Part
from triage_tui.widgets.marks import BOLD, KEY, PLAIN, WARNING
from triage_tui.widgets.text_lines import TextLines, line, wrap
from triage_tui.wording import N_, _, clean
from triage_tui.wording.language import language
from triage_tui.wording.measures import short_name

if TYPE_CHECKING:
    from triage_tui.acts.limits_to_try import RuleLimit
    from triage_tui.screens.session import Session
    from triage_tui.widgets.subject import Subject

_MEMBERS: Final[Mapping[str, str]] = {
    "red_below": N_("red under"),
    "yellow_below": N_("yellow under"),
    "yellow_above": N_("yellow over"),
    "red_above": N_("red over"),
    "rise_red": N_("red when it rises by"),
    "rise_yellow": N_("yellow when it rises by"),
    "fall_red": N_("red when it falls by"),
    "fall_yellow": N_("yellow when it falls by"),
    "red": N_("red from"),
    "yellow": N_("yellow from"),
}


@dataclass
class LimitsRead(Message):
    """The limits of her plan."""

    limits: Sequence[RuleLimit]


@dataclass
class LimitsTried(Message):
    """What others would have given, in lines that are safe to draw; or why that can't be told."""

    lines: Sequence[str]
    refused: bool = False


class WhatIfForm(ModalScreen[None]):
    """Limits at the left, the answer at the right."""

    CSS_PATH = "form.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("enter", "try", show=False, priority=True),
        Binding("up", "step(-1)", show=False, priority=True),
        Binding("down", "step(1)", show=False, priority=True),
    ]

    def __init__(self, subject: Subject) -> None:
        super().__init__(classes="panel")
        self.subject = subject
        self._limits: Sequence[RuleLimit] = ()
        self._tried: dict[tuple[str, str], str] = {}
        self._chosen = 0
        self._answer: Sequence[str] = ()
        self._refused = False

    def compose(self) -> ComposeResult:
        """Title, limits and answer, the new limit, keys."""
        with Vertical(id="form"):
            yield HeadLine(id="form-title", between=" — ")
            with Horizontal(id="beside"):
                yield TextLines(id="limits")
                yield TextLines(id="answer")
            text = Input(id="text", placeholder=_("Another limit"), select_on_focus=False)
            text.cursor_blink = False
            yield text
            yield HeadLine(id="form-keys", between="   ")

    def on_mount(self) -> None:
        """Read the limits."""
        now, patient = console_of(self).now(), self.subject.person.id
        title = [Part(_("What if"), BOLD, keep=1), Part(self.subject.title(now), BOLD, keep=9, least=20)]
        self.query_one("#form-title", HeadLine).show(title)
        keys = [Part("enter " + _("try"), KEY), Part("↑↓ " + _("which limit")), Part("esc " + _("leave"))]
        self.query_one("#form-keys", HeadLine).show(keys)
        self.set_focus(self.query_one("#text", Input))
        self._answer = [_("Write another limit for one, and press enter. Nothing is changed by it.")]
        self._show()
        self._ask(lambda session: LimitsRead(session.overview.limits(patient)))

    def _ask(self, call: Callable[[Session], Message]) -> None:
        def answered(session: Session) -> Message:
            from triage_tui.acts.refused import ActRefused  # noqa: PLC0415 - first paint doesn't need acts
            from triage_tui.wording.refusals import refusal_words  # noqa: PLC0415 - see above

            try:
                return call(session)
            except ActRefused as error:
                return LimitsTried([refusal_words(error.message_id, error.facts, session.now())], True)

        console_of(self).ask(self, answered, group="what-if")

    def on_limits_read(self, message: LimitsRead) -> None:
        """Show them."""
        message.stop()
        self._limits = message.limits
        self._show()

    def on_limits_tried(self, message: LimitsTried) -> None:
        """Show what they would have given."""
        message.stop()
        self._answer, self._refused = message.lines, message.refused
        self._show()

    def on_trouble(self, message: Trouble) -> None:
        """The cache couldn't be read."""
        message.stop()
        self._answer, self._refused = [clean(message.words)], True
        self._show()

    def _show(self) -> None:
        height = max(4, self.app.size.height - 8)
        for name in ("#limits", "#answer", "#beside"):
            self.query_one(name).styles.height = height
        self.query_one("#limits", TextLines).show(self._limit_lines)
        style = WARNING if self._refused else PLAIN
        answer = self._answer
        self.query_one("#answer", TextLines).show(
            lambda width, _height: [
                line(part, style) for text in answer for part in wrap(text, width - 1, "  ")
            ]
        )

    def _limit_lines(self, width: int, height: int) -> list[Strip]:
        top = max(0, min(self._chosen - height // 2, len(self._limits) - height))
        strips = []
        for i, one in enumerate(self._limits[top : top + height], start=top):
            chosen = i == self._chosen
            name = short_name(one.code) if one.code else clean(one.rule)
            words = f"{name} {_(_MEMBERS.get(one.member, one.member))} {_written(one.value)}"
            other = self._tried.get((one.rule, one.member))
            strips.append(
                Strip(
                    [
                        Segment(" ▶ " if chosen else "   "),
                        Segment(words, BOLD if chosen else PLAIN),
                        Segment(f" → {clean(other)}" if other else "", BOLD),
                    ]
                ).adjust_cell_length(width, PLAIN)
            )
        return strips

    def action_step(self, step: int) -> None:
        """Another limit."""
        if self._limits:
            self._chosen = (self._chosen + step) % len(self._limits)
            one = self._limits[self._chosen]
            self.query_one("#text", Input).value = self._tried.get((one.rule, one.member), "")
            self._show()

    def action_try(self) -> None:
        """Try all that was written; an empty limit is the plan's own again."""
        if not self._limits:
            return
        one, text = self._limits[self._chosen], self.query_one("#text", Input).value.strip()
        self._tried.pop((one.rule, one.member), None)
        if text:
            self._tried[(one.rule, one.member)] = text
        self._answer, self._refused = [_("Trying …")], False
        self._show()
        patient, tried = self.subject.person.id, dict(self._tried)
        if tried:
            self._ask(lambda session: LimitsTried(session.overview.try_limits(patient, tried)))

    def action_leave(self) -> None:
        """Nothing was changed."""
        self.dismiss(None)


def _written(value: str) -> str:
    """The number as it is written here."""
    return value.replace(".", ",") if language() == "nb" else value
