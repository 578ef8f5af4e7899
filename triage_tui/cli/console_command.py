"""Opening the console: the first screen is painted before the store and the HTTP client are loaded."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from triage_tui.cli.failure import Failure
from triage_tui.cli.settings import Settings
from triage_tui.wording import _

if TYPE_CHECKING:
    from local_store import Store
    from local_store.keys import KeyHolder
    from triage_tui.cli.console_session import ConsoleSession


def open_console(settings: Settings) -> None:
    """Open the console on a profile and stay in it until the nurse leaves."""
    run_console(_opener(settings), settings)


def _opener(settings: Settings) -> Callable[[], Store]:
    """Opens the profile's store, once for the screens and once for the sync; its key is had once."""
    held: list[KeyHolder] = []

    def open_again() -> Store:
        from triage_tui.cli.key_once import KeyOnce
        from triage_tui.cli.opening import open_store
        from triage_tui.cli.store_key import key_holder

        if not held:
            held.append(KeyOnce(key_holder(settings)))
        return open_store(settings, held[0])

    return open_again


def run_console(open_store: Callable[[], Store], settings: Settings) -> None:
    """Run the console on whatever `open_store` opens; called once for the screens, once for the sync."""
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):  # Textual draws on stderr
        raise Failure(_("The console needs a terminal. Use `triage queue` and the other commands instead."))
    from triage_tui.app import TriageApp
    from triage_tui.cli.console_look import read_look

    look = read_look(settings.folder, settings.look)
    sessions: list[ConsoleSession] = []

    def open_session() -> ConsoleSession:
        session = _session(open_store, settings, app)
        sessions.append(session)
        return session

    app = TriageApp(open_session, look=look)
    try:
        app.run()
    finally:
        for session in sessions:
            app.drafts.save(session)  # what was typed when a signal or a fault ended it
            session.close()
    if app.ended_by is not None:
        sys.exit(128 + app.ended_by)
    if app.return_code:
        raise Failure(_("The console stopped because of a fault in the program. What was saved is safe."))


def _session(open_store: Callable[[], Store], settings: Settings, app: object) -> ConsoleSession:
    from concurrent.futures import ThreadPoolExecutor

    from triage_tui.app import TriageApp
    from triage_tui.screens.session import SessionError

    assert isinstance(app, TriageApp)  # noqa: S101 - made above
    with ThreadPoolExecutor(1) as aside:  # deriving a key leaves the interpreter to the imports meanwhile
        opening = aside.submit(open_store)
        from local_store.errors import StoreError
        from triage_tui.cli.console_session import ConsoleSession
        from triage_tui.cli.explain import in_words
        from triage_tui.cli.locked import refuse_old_cache
        from triage_tui.cli.opening import of_store

        try:
            opened = of_store(opening.result(), settings)
            refuse_old_cache(opened)
        except (StoreError, Failure) as error:
            raise SessionError(in_words(error)) from error
    return ConsoleSession(opened, open_store, app.sync_changed)
