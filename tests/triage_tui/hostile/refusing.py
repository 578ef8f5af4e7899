"""A way to a server that answers writes with an error whose every text is an attack. Not a test file."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

import httpx

_HANDED_ON: Final = ("Authorization", "Content-Type", "Accept", "Prefer", "If-Match", "If-None-Exist")


@contextmanager
def refusing(server: str, words: str) -> Iterator[str]:
    """The FHIR base of the way; everything but writing goes through to `server`."""
    issue = {"severity": "error", "code": "invalid", "diagnostics": words, "details": {"text": words}}
    refusal = json.dumps({"resourceType": "OperationOutcome", "issue": [issue]}).encode()

    class Way(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._hand_on("GET", b"")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if "_search" in self.path or "AuditEvent" in self.path:
                self._hand_on("POST", body)
            else:
                self._answer(422, refusal)

        do_PUT = do_PATCH = do_POST  # noqa: N815 - names that the class looks for

        def _hand_on(self, method: str, body: bytes) -> None:
            kept = {name: self.headers[name] for name in _HANDED_ON if name in self.headers}
            url = server.removesuffix("/fhir") + self.path
            answer = httpx.request(
                method, url, content=body, headers=kept, trust_env=False, follow_redirects=False, timeout=60
            )
            self._answer(answer.status_code, answer.content)

        def _answer(self, code: int, body: bytes) -> None:
            self.send_response(code)
            self.send_header("Content-Type", "application/fhir+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Nothing: the tests' own output is to be read."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Way) as way:
        thread = threading.Thread(target=way.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{way.server_port}/fhir"
        finally:
            way.shutdown()
            thread.join()
