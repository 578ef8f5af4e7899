"""A form that shows something that has to be read first: keys wait until it is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from triage_tui.screens.console import console_of
from triage_tui.screens.form import Form
from triage_tui.screens.messages import FormLoaded, Trouble

if TYPE_CHECKING:
    from triage_tui.screens.session import Acts


class LoadedForm(Form):
    """Asks once, when it opens."""

    _keys_wait = False

    def load(self, acts: Acts) -> object:
        """What the form shows, read in a thread."""
        raise NotImplementedError

    def loaded(self, content: object) -> None:
        """Show what `load` gave."""
        raise NotImplementedError

    def ask(self, load: Callable[[Acts], object]) -> None:
        """Read something, and give it to `loaded`; keys wait for it."""
        console = console_of(self)
        if console.session is not None:
            self._keys_wait = True
            console.hold_keys()
            console.ask(self, lambda session: FormLoaded(load(session.acting())), group="form")

    def on_mount(self) -> None:
        """Ask at once."""
        super().on_mount()
        self.ask(self.load)

    def on_form_loaded(self, message: FormLoaded) -> None:
        """It was read."""
        message.stop()
        self.loaded(message.content)
        self._let_keys_go()

    def on_trouble(self, message: Trouble) -> None:
        """It couldn't be read, or the act not be saved."""
        super().on_trouble(message)
        self._let_keys_go()

    def on_unmount(self) -> None:
        """Keys must never wait for a form that is gone."""
        self._let_keys_go()

    def _let_keys_go(self) -> None:
        if self._keys_wait:
            self._keys_wait = False
            console_of(self).release_keys()
