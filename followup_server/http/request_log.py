"""The log as JSON, one object a line, for machines to read: kinds, codes and numbers.

Never a value, a path or the message of an exception: each may be health data.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Final, TextIO

from fhir_r4.faults import told
from fhir_r4.raw import Raw, encode
from followup_server.http.observing import request_id
from followup_server.problems import ServeError

_OURS: Final = "followup_server"
_REQUESTS: Final = "followup_server.requests"
_THE_LIBRARYS: Final = "uvicorn.error"


class JsonLines(logging.Formatter):
    """One JSON object a record: when, how grave, what, and for which request."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: Raw = {"at": at.replace("+00:00", "Z"), "level": record.levelname.lower()}
        if record.name.startswith(_OURS):
            line["event"] = record.getMessage()
        else:  # a library's words may repeat what a client sent
            line["event"] = f"{record.name}: {told(record.exc_info[1]) if record.exc_info else record.msg}"
        fields = getattr(record, "fields", None)
        if isinstance(fields, dict):
            line.update(fields)
        elif request_id.get():
            line["request"] = request_id.get()
        return encode(line).decode()


def log_as_json(requests: str | None, faults: TextIO) -> None:
    """Send warnings and faults to a stream, and a line for each request to a file (`-`: to the stream too).

    A file is opened again when it has been moved away. Raises ServeError if it can't be written.
    """
    lines = None if requests is None else _handler(requests, faults)
    logging.raiseExceptions = False  # a log that can't be written would print the exception being handled
    grave = logging.StreamHandler(faults)
    grave.setLevel(logging.WARNING)
    grave.setFormatter(JsonLines())
    for name in (_OURS, _THE_LIBRARYS):
        logging.getLogger(name).addHandler(grave)
        logging.getLogger(name).propagate = False
    if lines is not None:
        lines.setFormatter(JsonLines())
        logging.getLogger(_REQUESTS).addHandler(lines)
        logging.getLogger(_REQUESTS).setLevel(logging.INFO)


def _handler(requests: str, stream: TextIO) -> logging.Handler:
    if requests == "-":
        return logging.StreamHandler(stream)
    path = Path(requests)
    try:
        path.touch(mode=0o600)
        return WatchedFileHandler(path, encoding="utf-8")
    except OSError as error:
        raise ServeError(
            f"The log {path} can't be written ({error.strerror}).",
            "Name another file by --log, or - for here.",
        ) from error
