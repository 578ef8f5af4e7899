"""Who holds the key: a real keyring or a passphrase, and never a plain file."""

from __future__ import annotations

import base64
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from keyring.errors import KeyringLocked

from local_store.keys import (
    DamagedKeyFile,
    KeyExists,
    KeyMissing,
    KeyringKey,
    KeyringRefused,
    MemoryKey,
    NoKeyring,
    PassphraseFileOpen,
    PassphraseFileUnreadable,
    PassphraseKey,
    WeakKeyFile,
    WrongPassphrase,
    passphrase_from,
    read_passphrase,
    system_keyring,
)

GOOD = "korrekt hest batteri"


def holder(file: Path, passphrase: str = GOOD) -> PassphraseKey:
    return PassphraseKey(file, lambda: passphrase)


@pytest.fixture(scope="module")
def wrapped(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """A key, and the key file that holds it."""
    file = tmp_path_factory.mktemp("keys") / "key.json"
    return holder(file).create(), file.read_bytes()


def test_a_passphrase_opens_what_it_wrapped(tmp_path: Path, wrapped: tuple[bytes, bytes]) -> None:
    key, content = wrapped
    file = tmp_path / "key.json"
    file.write_bytes(content)
    assert holder(file).load() == key
    assert len(key) == 32


def test_the_key_file_is_private_json_without_the_key(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        key = holder(tmp_path / "key.json").create()
    finally:
        os.umask(before)
    content = (tmp_path / "key.json").read_bytes()
    members = json.loads(content)
    assert stat.S_IMODE((tmp_path / "key.json").stat().st_mode) == 0o600
    assert (members["kdf"], members["t"], members["m"], members["p"]) == ("argon2id", 3, 65536, 4)
    assert key.hex().encode() not in content
    assert base64.b64encode(key) not in content
    assert [path.name for path in tmp_path.iterdir()] == ["key.json"]


def test_a_wrong_passphrase_is_told(tmp_path: Path, wrapped: tuple[bytes, bytes]) -> None:
    file = tmp_path / "key.json"
    file.write_bytes(wrapped[1])
    with pytest.raises(WrongPassphrase) as caught:
        holder(file, "feil").load()
    assert caught.value.remedy


@pytest.mark.parametrize(
    "change", [{"t": 2}, {"m": 1024}, {"p": 1}, {"kdf": "argon2i"}, {"kdf": "scrypt"}, {"t": 0}]
)
def test_weakened_parameters_are_refused_before_the_passphrase_is_asked_for(
    tmp_path: Path, wrapped: tuple[bytes, bytes], change: dict[str, object]
) -> None:
    file = tmp_path / "key.json"
    file.write_text(json.dumps(json.loads(wrapped[1]) | change))

    def never() -> str:
        raise AssertionError("asked")

    with pytest.raises(WeakKeyFile):
        PassphraseKey(file, never).load()


@pytest.mark.parametrize("change", [{"t": 4}, {"salt": base64.b64encode(bytes(16)).decode()}, {"note": "x"}])
def test_parameters_are_bound_to_the_key(
    tmp_path: Path, wrapped: tuple[bytes, bytes], change: dict[str, object]
) -> None:
    file = tmp_path / "key.json"
    file.write_text(json.dumps(json.loads(wrapped[1]) | change))
    with pytest.raises(WrongPassphrase):
        holder(file).load()


@pytest.mark.parametrize(
    "content",
    ["", "{}", "[]", "not json", '{"v": 2}', '{"v": 1, "kdf": "argon2id", "t": "3", "m": 65536, "p": 4}'],
)
def test_a_damaged_key_file_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "key.json").write_text(content)
    with pytest.raises((DamagedKeyFile, WeakKeyFile)):
        holder(tmp_path / "key.json").load()


def test_a_hostile_cost_does_not_hang_the_machine(tmp_path: Path, wrapped: tuple[bytes, bytes]) -> None:
    (tmp_path / "key.json").write_text(json.dumps(json.loads(wrapped[1]) | {"m": 1 << 40}))
    with pytest.raises(DamagedKeyFile):
        holder(tmp_path / "key.json").load()


def test_a_key_is_never_overwritten_by_create(tmp_path: Path, wrapped: tuple[bytes, bytes]) -> None:
    (tmp_path / "key.json").write_bytes(wrapped[1])
    with pytest.raises(KeyExists):
        holder(tmp_path / "key.json").create()


def test_forgetting_destroys_it(tmp_path: Path, wrapped: tuple[bytes, bytes]) -> None:
    (tmp_path / "key.json").write_bytes(wrapped[1])
    holder(tmp_path / "key.json").forget()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(KeyMissing):
        holder(tmp_path / "key.json").load()
    holder(tmp_path / "key.json").forget()


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_passphrase_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "passphrase"
    file.write_text("hemmelig\n")
    file.chmod(mode)
    with pytest.raises(PassphraseFileOpen) as caught:
        read_passphrase(file)
    assert "chmod 600" in caught.value.remedy
    assert "hemmelig" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "passphrase"), [("a b\n", "a b"), ("æ", "æ"), ("x\r\ny\n", "x"), (" x ", " x ")]
)
def test_the_first_line_is_the_passphrase(tmp_path: Path, content: str, passphrase: str) -> None:
    file = tmp_path / "passphrase"
    file.write_bytes(content.encode())
    file.chmod(0o600)
    assert passphrase_from(file)() == passphrase


@pytest.mark.parametrize("content", [None, b"", b"\nx", b"\xff\xfe"])
def test_a_passphrase_file_without_one_is_told(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "passphrase"
    if content is not None:
        file.write_bytes(content)
        file.chmod(0o600)
    with pytest.raises(PassphraseFileUnreadable):
        read_passphrase(file)


def test_a_key_in_memory(tmp_path: Path) -> None:
    held = MemoryKey()
    with pytest.raises(KeyMissing):
        held.load()
    assert held.create() == held.load()
    held.forget()
    assert not held.exists()


class PlainTextKeyring:
    """Stands for keyrings.alt: allowed by nobody."""

    priority = 99.0


def test_backends_that_are_not_on_the_list_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keyring.backend.get_all_keyring", lambda: [PlainTextKeyring()])
    with pytest.raises(NoKeyring) as caught:
        KeyringKey("triage-tui", "test").create()
    assert "TRIAGE_PASSPHRASE_FILE" in caught.value.remedy


def test_a_locked_keyring_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Locked:
        priority = 5.0

        def get_password(self, service: str, user: str) -> str:
            raise KeyringLocked

    monkeypatch.setattr(system_keyring, "safe_backend", Locked)
    with pytest.raises(KeyringRefused) as caught:
        KeyringKey("triage-tui", "test").load()
    assert caught.value.remedy


@pytest.mark.parametrize("text", ["", "kort", base64.b64encode(bytes(31)).decode(), "ÿ" * 44])
def test_what_is_no_key_in_the_keyring_is_missing(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    class Holds:
        priority = 5.0

        def get_password(self, service: str, user: str) -> str:
            return text

    monkeypatch.setattr(system_keyring, "safe_backend", Holds)
    with pytest.raises(KeyMissing):
        KeyringKey("triage-tui", "test").load()


IN_SESSION = """
import sys
from local_store.keys import KeyMissing, KeyringKey
from local_store.keys.system_keyring import safe_backend
held = KeyringKey("triage-tui-test", "kari")
print(type(safe_backend()).__module__)
assert not held.exists()
key = held.create()
assert len(key) == 32 and KeyringKey("triage-tui-test", "kari").load() == key
assert not KeyringKey("triage-tui-test", "ola").exists()
held.replace(bytes(32))
assert held.load() == bytes(32)
from pathlib import Path
from local_store.lifecycle import open_store, rekey, wipe
from local_store.store import Store
folder = Path(sys.argv[1])
Store.create(folder, held.load()).close()
rekey(folder, held)
assert held.load() != bytes(32)
open_store(folder, held).close()
wipe(folder, held)
assert not list(folder.iterdir())
try:
    held.load()
except KeyMissing:
    print("gone")
"""


@pytest.mark.slow
def test_a_real_secret_service_keeps_the_key_also_when_it_is_changed_and_wiped(tmp_path: Path) -> None:
    needed = ("dbus-run-session", "gnome-keyring-daemon")
    absent = [name for name in needed if shutil.which(name) is None]
    if absent and "CI" not in os.environ:
        pytest.skip(f"not installed here: {', '.join(absent)}")
    assert not absent, f"install {', '.join(absent)}: the keyring is tested against a real Secret Service"
    script = tmp_path / "session.py"
    script.write_text(IN_SESSION)
    unlock = "echo -n test | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_RUNTIME_DIR": str(tmp_path),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    done = subprocess.run(
        [
            "dbus-run-session",
            "--",
            "sh",
            "-c",
            f'{unlock} && exec "$0" "$1" "$2"',
            sys.executable,
            str(script),
            str(tmp_path / "profile"),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["keyring.backends.SecretService", "gone"]
