"""Drafts and lock of a session in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from local_store.records import Draft
from triage_tui.lock.unlocking import LockView


class KeepsInMemory:
    """`kept`: what stands for the cache. `pin`: what opens the lock, beside the passphrase."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Draft] = {}
        self.pin: str | None = "2468"
        self.passphrase: str | None = "riktig hest"
        self.locked = False
        self.left = 5

    def drafts(self) -> list[Draft]:
        return list(self.kept.values())

    def keep_draft(self, patient: str, form: str, draft: Draft | None) -> None:
        if draft is None:
            self.kept.pop((patient, form), None)
        else:
            self.kept[patient, form] = draft

    @contextmanager
    def signing(self, patient: str, form: str) -> Iterator[None]:
        yield
        self.kept.pop((patient, form), None)

    def lock_view(self) -> LockView:
        return LockView(self.locked, self.pin is not None, self.passphrase is not None, self.left)

    def lock(self) -> LockView:
        self.locked = True
        return self.lock_view()

    def choose_pin(self, pin: str) -> LockView:
        self.pin = pin
        return self.lock_view()

    def unlock(self, secret: str) -> LockView:
        right = (secret == self.pin and self.left > 0) or secret == self.passphrase
        self.locked, self.left = not right, 5 if right else max(0, self.left - 1)
        return self.lock_view()
