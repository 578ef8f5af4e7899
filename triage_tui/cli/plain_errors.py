"""A store's typed error as the sentence that a screen shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from local_store.errors import StoreError
from triage_tui.cli.explain import in_words
from triage_tui.screens.session import SessionError


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn errors of the store into `SessionError`."""
    try:
        yield
    except StoreError as error:
        raise SessionError(in_words(error)) from error
