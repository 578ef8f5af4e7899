"""Identifiers as a search takes them."""

from __future__ import annotations


def escaped_token(identifier: str) -> str:
    """`<system>|<value>` as a search parameter: a comma would part it in two, a second bar end its value."""
    system, bar, value = identifier.partition("|")
    for sign in ("\\", ",", "$", "|"):
        system, value = system.replace(sign, f"\\{sign}"), value.replace(sign, f"\\{sign}")
    return f"{system}{bar}{value}"
