"""A locked profile opens by PIN or passphrase, five tries, whatever is killed in between."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from local_store.keys import PassphraseKey
from local_store.store import Store
from triage_tui.lock.unlocking import choose_pin, lock, lock_view, open_again, unlock

KEY_FILE = "key.json"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    holder = PassphraseKey(tmp_path / KEY_FILE, lambda: "riktig hest")
    with Store.create(tmp_path / "profile", holder.create()) as opened:
        yield opened


def test_the_right_pin_opens_it_and_gives_the_tries_back(store: Store) -> None:
    choose_pin(store, "2468")
    lock(store, 1)
    assert unlock(store, "1111", None).left == 4
    view = unlock(store, "2468", None)
    assert (view.locked, view.left) == (False, 5)
    assert "2468" not in (store.screen_lock().pin or "")
    assert str(store.screen_lock().pin).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_after_five_wrong_tries_the_right_pin_does_not_open_it_but_the_passphrase_does(
    store: Store, tmp_path: Path
) -> None:
    choose_pin(store, "2468")
    lock(store, 1)
    for _try in range(5):
        unlock(store, "1111", None)
    view = unlock(store, "2468", None)
    assert view.locked and not view.by_pin
    assert unlock(store, "feil", tmp_path / KEY_FILE).locked
    assert not unlock(store, "riktig hest", tmp_path / KEY_FILE).locked


def test_a_try_is_counted_before_it_is_looked_at(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(_kept: object, _secret: str) -> bool:
        raise KeyboardInterrupt

    choose_pin(store, "2468")
    lock(store, 1)
    monkeypatch.setattr("triage_tui.lock.unlocking._is_pin", killed)
    with pytest.raises(KeyboardInterrupt):
        unlock(store, "1111", None)
    assert lock_view(store, None).left == 4


def test_it_is_locked_since_it_was_locked_first(store: Store) -> None:
    lock(store, 1)
    lock(store, 2)
    assert store.screen_lock().locked_at == 1
    open_again(store, forget_pin=True)
    assert not lock_view(store, None).locked


def test_a_short_pin_is_none(store: Store) -> None:
    with pytest.raises(ValueError, match="at least 4"):
        choose_pin(store, "123")
    assert not lock_view(store, None).has_pin


def test_a_wrong_pin_opens_no_screen_though_the_cache_is_open(store: Store) -> None:
    choose_pin(store, "2468")
    assert unlock(store, "1111", None).locked
    assert not unlock(store, "2468", None).locked
