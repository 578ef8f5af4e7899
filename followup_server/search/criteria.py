"""The condition of a conditional create, update or reference: a search such as `identifier=system|value`."""

from __future__ import annotations

from urllib.parse import parse_qsl

from followup_server.problems import UnknownParameter
from followup_server.search.request import CONTROLS


def read_criteria(text: str) -> str:
    """The search as it stands behind a question mark.

    Raises UnknownParameter where there is nothing in it to search by: it would match everything.
    """
    criteria = text.strip().removeprefix("?")
    names = [name.partition(":")[0] for name, _ in parse_qsl(criteria, keep_blank_values=True)]
    if not names or not CONTROLS.isdisjoint(names):
        raise UnknownParameter("A condition is a search like identifier=system|value.")
    return criteria
