"""The console on the real parts: embedded server, simulated centre, encrypted store, sync, acts."""

from __future__ import annotations

import pyte
import pytest
from terminal import Terminal

pytestmark = pytest.mark.slow


def test_a_red_alert_is_taken_reached_and_completed_and_all_of_it_is_sent() -> None:
    screen = pyte.Screen(120, 40)
    stream = pyte.ByteStream(screen)
    command = ["-m", "triage_tui", "demo", "--patients", "20", "--days", "20", "--seed", "1"]
    with Terminal(command, TRIAGE_NOW="2026-03-03T08:31:00Z") as terminal:
        stream.feed(terminal.until(lambda sent: b"fordi" in sent, seconds=60))

        def press(*keys: str) -> None:
            for key in keys:
                stream.feed(terminal.press(key.encode(), quiet=0.5))

        def wait_for(text: str) -> None:
            def there(sent: bytes) -> bool:
                return text in "\n".join(screen.display) or text.encode() in sent

            if text not in "\n".join(screen.display):
                stream.feed(terminal.until(there))

        assert "ØVELSE" in screen.display[0]
        assert any("■ !!! RØD" in row for row in screen.display)
        press("f", "k", "\r")
        wait_for("Rødt kan ikke gjøres ferdig før noen er nådd")
        press("\x1b", "t")
        wait_for("Tatt: ")
        press("k", "s", "Puster bedre", "\r")
        wait_for("Kontakt lagret: ")
        press("f", "k", "\r")
        wait_for("Ferdig: kontaktet: ")
        wait_for("0 usendt")
        assert "avvist" not in screen.display[0] and "konflikt" not in screen.display[0]
