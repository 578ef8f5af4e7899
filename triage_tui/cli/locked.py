"""A locked profile, or one that was not synced for too long: nothing of it is shown, and nothing is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage_tui.cli.failure import ExitCode, Failure
from triage_tui.wording import _

if TYPE_CHECKING:
    from triage_tui.cli.opening import Opened


class ProfileLocked(Failure):
    """Says how to open it again."""

    code = ExitCode.LOCKED


def refuse_locked(session: Opened) -> None:
    """Raises ProfileLocked where the screen is locked, or the cache too old."""
    if session.store.screen_lock().locked_at is not None:
        raise ProfileLocked(_("The profile is locked, and nothing was saved. Run `triage unlock`."))
    refuse_old_cache(session)


def refuse_old_cache(session: Opened) -> None:
    """Raises ProfileLocked where there was neither a login nor a complete sync for 7 days.

    With a real login also where its time for work without the server is over.
    """
    from triage_tui.lock.limits import limits
    from work_items import Centre

    since = session.profile.logged_in_at
    if since is None:
        return
    with session.store.read() as snapshot:
        marks = snapshot.marks()
    found, now = limits(since, marks.last_sync, Centre()), session.now()
    if session.profile.auth == "oidc" and marks.offline_since is not None and now > found.offline:
        raise ProfileLocked(_("The time for work without the server is over. Run `triage login`."))
    if found.cache_locked(now):
        raise ProfileLocked(
            _("The cache is locked: 7 days without a sync. Run `triage login`, then `triage sync --once`.")
        )
