"""What a server can and can't, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from triage_tui.wording import _, clean

if TYPE_CHECKING:
    from triage_tui.sync.server_check import ServerCheck


def server_lines(found: ServerCheck) -> Iterator[str]:
    """One sentence for each thing that matters, the worst first."""
    if found.missing_types:
        yield _("It doesn't offer {what}: the console can't be used with it as it is.").format(
            what=clean(", ".join(found.missing_types))
        )
    if found.missing_searches:
        yield _("It doesn't say that it can be searched by {what}: if it can't, syncing fails.").format(
            what=clean(", ".join(found.missing_searches))
        )
    if found.passed_over:
        yield _("It doesn't offer {what}: these are left out.").format(
            what=clean(", ".join(found.passed_over))
        )
    if found.last_updated is False:
        yield _("It can't be searched by the last change: everything would be fetched again each time.")
    if not found.conditional_create:
        yield _("It doesn't say that it refuses to create the same twice: a note may come twice there.")
    if not found.if_match:
        yield _("It doesn't say that it guards changes: of two nurses at once one may overwrite the other.")
    if found.elements is False:
        yield _("It sends whole resources where few members are asked for: comparing costs more.")
    if not found.system_search:
        yield _("It is asked for each type by itself: a round costs a dozen requests instead of two.")
    yield (
        _("It has the compact feed: the first fetching of readings is short.")
        if found.feed
        else _("It has no compact feed: the first fetching takes about ten times the bytes.")
    )
