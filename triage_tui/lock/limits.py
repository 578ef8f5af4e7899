"""How long a cache may be used.

Without a complete sync for 7 days it is locked until the next login. A login that proves who she is lets her
work without the server to the end of the second opening day after it, at most 96 hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from work_items import DAY, HOUR

if TYPE_CHECKING:
    from threshold_engine.model import Instant
    from work_items import Centre

OFFLINE_AT_MOST_MS: Final = 96 * HOUR
CACHE_MS: Final = 7 * DAY


@dataclass(frozen=True, slots=True)
class Limits:
    """When what ends."""

    offline: Instant
    """Of work without the server."""
    cache: Instant

    def cache_locked(self, now: Instant) -> bool:
        """Whether the cache has become too old to be shown."""
        return now > self.cache


def limits(logged_in_at: Instant, last_sync: Instant | None, centre: Centre) -> Limits:
    """The limits after a login and a last complete sync."""
    second_day = centre.end_of_next_opening_day(centre.end_of_next_opening_day(logged_in_at))
    return Limits(
        offline=min(second_day, logged_in_at + OFFLINE_AT_MOST_MS),
        cache=max(logged_in_at, last_sync or logged_in_at) + CACHE_MS,
    )
