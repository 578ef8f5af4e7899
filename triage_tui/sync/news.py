"""Is there anything new? One question over all types, where the server takes it, in place of one for each.

The overlap is the walks' own: from 60 s before the newest row seen of any type. A row that became visible
since the last round was stamped within that minute, whatever its type, as long as commits take no longer.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from fhir_r4.client import FhirClient
from fhir_r4.client_errors import NotFound, Refused
from fhir_r4.page_walk import latest, newest_of, starting_from
from fhir_r4.raw import text_at
from fhir_r4.settled import Settled
from fhir_r4.walk import OVERLAP
from local_store import Store
from triage_tui.sync.keeping import unknown

_log = logging.getLogger(__name__)

_NAME: Final = "news"
_PAGE: Final = 500
_PAGES_AT_MOST: Final = 4
"""More rows than so many pages hold are not looked through here: all types are walked."""


class NoNewsHere(Exception):
    """The server doesn't take the question after all."""


def types_with_news(store: Store, client: FhirClient, kinds: Sequence[str], settled: Settled) -> set[str]:
    """Those of the types that have changed; all of them where that can't be told cheaply.

    Raises FhirError, NoNewsHere.
    """
    with store.read() as snapshot:
        cursors = [snapshot.cursor(kind) for kind in kinds]
    if any(cursor is None or not cursor.complete or cursor.next_link for cursor in cursors):
        return set(kinds)
    newest = latest(cursor.value for cursor in cursors if cursor is not None)
    if not newest:
        return set(kinds)
    began = settled.clock()
    # "gt" is safe only for what is settled: every row up to the newest has been seen
    since = f"gt{newest}" if settled.is_settled(_NAME, newest) else f"ge{starting_from(newest, OVERLAP)}"
    params: dict[str, str | int] = {
        "_type": ",".join(kinds),
        "_lastUpdated": since,
        "_elements": "id,meta",
        "_count": _PAGE,
    }
    changed: set[str] = set()
    try:
        page = client.search_system(params)
        for _ in range(_PAGES_AT_MOST):
            with store.read() as snapshot:
                changed |= {text_at(raw, "resourceType") or "" for raw in unknown(snapshot, page.resources)}
            newest = newest_of(page.resources, newest)
            if page.next is None:
                break
            page = client.follow(page.next)
        else:
            return set(kinds)
    except (NotFound, Refused) as error:
        _log.warning("types are asked for one by one: %s", type(error).__name__)
        raise NoNewsHere from error
    if not changed:
        settled.walked(_NAME, newest, began)
    return changed & set(kinds)
