"""A screen on which something can be done to somebody: the letters and what comes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import events
from textual.app import App
from textual.screen import Screen

from triage_tui.screens.actions import HELP, Action, key_line
from triage_tui.screens.complete_form import CompleteForm
from triage_tui.screens.console import Console, console_of
from triage_tui.screens.contact_form import ContactForm
from triage_tui.screens.escalate_form import EscalateForm
from triage_tui.screens.head import banner_words
from triage_tui.screens.message_form import MessageForm
from triage_tui.screens.messages import ActSettled, Trouble
from triage_tui.screens.note_form import NoteForm
from triage_tui.screens.pause_form import PauseForm
from triage_tui.screens.question import Question
from triage_tui.screens.reading_form import ReadingForm
from triage_tui.screens.shelve_form import ShelveForm
from triage_tui.widgets.head_line import HeadLine, Part
from triage_tui.widgets.marks import KEY, PLAIN, WARNING
from triage_tui.widgets.unsent_words import also_words
from triage_tui.wording import _, clean
from triage_tui.wording.acts import act_word
from triage_tui.wording.contacts import unanswered_words
from triage_tui.wording.dates import when
from triage_tui.wording.explain import taken_words
from triage_tui.wording.people import full_birth

if TYPE_CHECKING:
    from collections.abc import Callable

    from triage_tui.screens.form import Form
    from triage_tui.widgets.subject import Subject


class ActingScreen(Screen[None]):
    """Shares the acts between the queue and the patient."""

    ACTIONS: tuple[Action, ...] = ()
    _said: Part | None = None

    @property
    def console_app(self) -> Console:
        """The app."""
        return console_of(self)

    def subject(self) -> Subject | None:
        """Whom a letter would act on, or none."""
        raise NotImplementedError

    def reload(self) -> None:
        """Read what is shown from the cache again."""
        raise NotImplementedError

    def show_head(self) -> None:
        """Draw the head anew: time, freshness."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Textual calls this beside the `on_mount` of a screen that has its own."""
        self.reload()
        self.show_all()

    def show_all(self) -> None:
        """Head, banner, key line."""
        self.show_head()
        self.show_banner()
        self.show_keys()

    def show_banner(self) -> None:
        """A banner stands while what is shown may not be true."""
        banner = self.query_one("#banner", HeadLine)
        words = banner_words(self.console_app, self.console_app.now())
        banner.display = bool(words)
        banner.show([Part(f"! {words}", WARNING, least=20)] if words else [])

    def key_notes(self) -> list[Part]:
        """What stands at the right of the key line."""
        return [Part(f"{self.console_app.key(HELP)} " + _("help"), PLAIN, keep=1)]

    def usable(self) -> Sequence[Action]:
        """The actions whose keys stand on the key line just now."""
        return self.ACTIONS

    def show_keys(self) -> None:
        """The keys, or what was just done."""
        keymap = self.console_app.keymap
        keys = [
            Part(f"{key} {word}", KEY if i == 0 else PLAIN, keep=20 - i)
            for i, (key, word) in enumerate(key_line([action.under(keymap) for action in self.usable()]))
        ]
        self.query_one("#keys", HeadLine).show([self._said] if self._said else keys, self.key_notes())

    def say(self, text: str, *, warning: bool = False) -> None:
        """Say what was done or refused where the keys stand, until the next key."""
        style = WARNING if warning else PLAIN
        self._said = Part(text, style, keep=30, least=20) if text else None
        self.show_keys()

    def on_key(self, _event: events.Key) -> None:
        """What was said has been read."""
        if self._said:
            self.say("")

    def on_act_settled(self, message: ActSettled) -> None:
        """An act is saved here (or refused); whether it was sent is the sync line's to say."""
        message.stop()
        if message.done is None:
            self.say(message.refused or "", warning=True)
            return
        done = message.done
        parts = [f"{clean(done.patient_name)}, {full_birth(done.birth_date)}"]
        if done.withdrawn is not None:
            act, at = done.withdrawn
            parts.insert(0, f"{act_word(act)} {when(at, self.console_app.now())}")
        parts += [unanswered_words(done.unanswered), also_words(done.also, self.console_app.now())]
        self.say(f"{message.said}: " + " · ".join(part for part in parts if part))
        self.reload()

    def on_trouble(self, message: Trouble) -> None:
        """The cache couldn't be read."""
        message.stop()
        self.say(clean(message.words), warning=True)

    def open_form(self, form: Callable[[Subject], Form]) -> None:
        """Lay a form over the screen, about whom a letter would act on."""
        subject = self.subject()
        if subject is None:
            return
        app: App[None] = self.app

        def closed(settled: ActSettled | None) -> None:
            if settled is not None:
                self.on_act_settled(settled)

        app.push_screen(form(subject), closed)

    def _open_once_mine(self, form: Callable[[Subject], Form]) -> None:
        """A form about work that only its owner may end: who has her is said, and she is taken over first."""
        subject = self.subject()
        if subject is None or not subject.others or not subject.items:
            self.open_form(form)
            return

        def taken_over() -> None:
            self.open_form(lambda hers: form(replace(hers, mine=True)))

        self._ask_takeover(subject, subject.items[0].task, taken_over)

    def action_note(self) -> None:
        """Write a note."""
        self.open_form(NoteForm)

    def action_contact(self) -> None:
        """Record a contact."""
        self.open_form(ContactForm)

    def action_complete(self) -> None:
        """Complete an item."""
        self._open_once_mine(CompleteForm)

    def action_escalate(self) -> None:
        """Lift her to somebody else."""
        self.open_form(EscalateForm)

    def action_message(self) -> None:
        """Read what she wrote, and answer."""
        self.open_form(MessageForm)

    def action_reading(self) -> None:
        """Type in what she tells by phone."""
        self.open_form(ReadingForm)

    def action_pause(self) -> None:
        """Pause her plan, or resume it."""
        self.open_form(PauseForm)

    def action_shelve(self) -> None:
        """Put an item off."""
        self._open_once_mine(ShelveForm)

    def action_undo(self) -> None:
        """Take back what was done last with the patient, as long as it is unsent."""
        subject = self.subject()
        if subject is not None:
            patient = subject.person.id
            self.console_app.act(self, lambda acts: acts.undo(patient), _("Undone"))

    def action_take(self) -> None:
        """Take her, give her back where she is mine, ask first where she is somebody else's."""
        subject = self.subject()
        if subject is None:
            return
        if not subject.items:
            self.say(_("Nothing is open: there is nothing to take."), warning=True)
            return
        task = subject.items[0].task
        if subject.mine:
            self.console_app.act(self, lambda acts: acts.release(task), _("Given back"))
        elif subject.others:
            self._ask_takeover(subject, task)
        else:
            self.console_app.act(self, lambda acts: acts.take(task), _("Taken"))

    def _ask_takeover(self, subject: Subject, task: str, then: Callable[[], None] = lambda: None) -> None:
        now = self.console_app.now()
        held = taken_words(clean(subject.owner_name or ""), subject.owned_since, confirmed=True, now=now)

        def answered(yes: bool | None) -> None:
            if yes:
                self.console_app.act(self, lambda acts: acts.takeover(task), _("Taken over"))
                then()

        question = _("She is {held}. Take her over?").format(held=held)
        self.app.push_screen(Question(subject.title(now), question), answered)
