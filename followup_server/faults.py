"""Telling a fault to the log: what kind and where, but no message and no values, which may be health data."""

from __future__ import annotations

import logging
import sys

from fhir_r4.faults import told


def log_fault(log: logging.Logger, what: str) -> None:
    """Log the exception being handled: its types, and the code's places from outermost to innermost."""
    log.error("%s: %s", what, told(sys.exception()))
