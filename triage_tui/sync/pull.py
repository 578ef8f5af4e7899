"""Fetching what is new: the queue's own things first, then the rest, side by side, then the history.

Source: "Pull" in docs/fhir.md. Absence never removes anything here: an emptied server empties no cache.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from fhir_r4.client import FhirClient
from fhir_r4.client_errors import FhirError, ServerFailed
from fhir_r4.settled import Settled
from local_store import Store
from threshold_engine.model import Instant
from triage_tui.sync import alerts_first
from triage_tui.sync.abilities import Abilities, abilities_of, without
from triage_tui.sync.alerts_first import Ask
from triage_tui.sync.feed import Feed, FeedExpired, FeedUnusable
from triage_tui.sync.keeping import Keeper, Progress, Pulled
from triage_tui.sync.kind_pages import KindPages
from triage_tui.sync.news import NoNewsHere, types_with_news
from triage_tui.sync.own_settings import WANTED_ISSUES, kept_set, take_from_set
from triage_tui.sync.side_by_side import side_by_side
from triage_tui.sync.walks import KINDS, Kind, first_walks, walk_of

_log = logging.getLogger(__name__)

_LANES: Final = (
    (("Task",), ("DetectedIssue",), ("Practitioner", "Organization"), ("Patient", "CarePlan", "Flag")),
    (
        ("Observation",),
        ("Communication", "ServiceRequest"),
        ("Questionnaire", "QuestionnaireResponse"),
        ("Media",),
    ),
)
"""What is fetched side by side, step by step: what names others comes a step after them."""
_BY_TYPE: Final = {kind.type: kind for kind in KINDS}


def pull(
    store: Store,
    client: FhirClient,
    now: Callable[[], Instant],
    progress: Progress,
    stop: Callable[[], bool] = lambda: False,
    settled: Settled | None = None,
) -> Pulled:
    """Fetch everything that is new, and work out anew what the rows of its patients say.

    `now`: our clock corrected by the server's. `stop` is asked between pages; a pull that was stopped or
    killed goes on at the same page next time. `settled`: hand in the same one round after round.

    Raises:
        FhirError: The server didn't answer, or refused; what was fetched before stays.
        StoreError: The cache couldn't be written.
    """
    return _Pull(store, client, now, progress, stop, settled or Settled()).run()


class _Stopped(Exception):
    """Asked to stop between two pages."""


class _Pull:
    def __init__(
        self,
        store: Store,
        client: FhirClient,
        now: Callable[[], Instant],
        progress: Progress,
        stop: Callable[[], bool],
        settled: Settled,
    ) -> None:
        self._store, self._client, self._settled = store, client, settled
        self._now, self._stop = now, stop
        self._keeper = Keeper(store, now, progress)
        self._pages = KindPages(store, client, now, settled)

    def run(self) -> Pulled:
        try:
            self._everything()
            self._keeper.pulled.complete = True
        except _Stopped:
            pass
        except FhirError:
            self._keeper.refresh()  # what has come is shown as it should be, whatever else didn't
            raise
        self._keeper.refresh()
        return self._keeper.pulled

    def _everything(self) -> None:
        self._check()
        abilities = abilities_of(self._store, self._client, self._now())
        with self._store.read() as snapshot:
            loaded = snapshot.marks().loaded
        if not loaded:
            self._alerts(abilities)
        wanted = self._with_news(abilities) if loaded else set(_BY_TYPE)
        for step in _LANES:
            lanes = [[_BY_TYPE[name] for name in lane if name in wanted] for lane in step]
            self._step(lanes, abilities)
        self._missing_issues()

    # what the queue needs

    def _alerts(self, abilities: Abilities) -> None:
        """Open Tasks, what they are about, their patients and plans and readings; then the queue stands."""
        task = _BY_TYPE["Task"]
        opened = next(iter(first_walks(task, self._now())))
        people = partial(self._pages.of, _BY_TYPE["Practitioner"], _BY_TYPE["Organization"])
        self._fetch([partial(self._pages.walk, opened), people])
        waiting = alerts_first.waiting(self._store)
        if not waiting:
            return
        asked = [
            *alerts_first.surroundings(self._client, waiting),
            *alerts_first.issues(self._client, alerts_first.wanted_issues(self._store)),
        ]
        try:
            self._fetch([*asked, *self._readings_of(waiting, abilities)])
        except (FeedExpired, FeedUnusable, ServerFailed) as error:
            _log.warning("the queue's readings come with the others: %s", type(error).__name__)
        self._keeper.refresh()

    def _readings_of(self, patients: Sequence[str], abilities: Abilities) -> list[Ask]:
        """All of these patients' readings by the feed, which is as quick as the newest by search."""
        if abilities.feed:
            return self._feed().of_patients(patients)
        return alerts_first.recent_readings(self._client, patients, self._now())

    def _missing_issues(self) -> None:
        """Fetch the alerts that open Tasks are about, however long ago they were identified."""
        with self._store.read() as snapshot:
            wanted = sorted(kept_set(snapshot, WANTED_ISSUES))
        if wanted:
            self._fetch(alerts_first.issues(self._client, alerts_first.wanted_issues(self._store)))
            with self._store.write() as tx:
                take_from_set(tx, WANTED_ISSUES, wanted)

    # everything

    def _with_news(self, abilities: Abilities) -> set[str]:
        """The types that are worth walking."""
        kinds = [name for name in _BY_TYPE if not (name == "Observation" and abilities.feed)]
        found = set(kinds)
        if abilities.system_search:
            try:
                found = types_with_news(self._store, self._client, kinds, self._settled)
            except NoNewsHere:
                without(self._store, abilities, system_search=True)
        return found | ({"Observation"} if abilities.feed else set())

    def _step(self, lanes: Sequence[Sequence[Kind]], abilities: Abilities) -> None:
        practitioners = self._keeper.pulled.count["Practitioner"]
        reading = any(kind.type == "Observation" for lane in lanes for kind in lane)
        asked: list[Ask] = [
            partial(self._pages.of, *lane)
            for lane in lanes
            if lane and not (abilities.feed and lane[0].type == "Observation")
        ]
        if reading and abilities.feed:
            self._with_feed(asked, abilities)
        else:
            self._fetch(asked)
        if self._keeper.pulled.count["Practitioner"] > practitioners:
            self._keeper.names_again()

    def _with_feed(self, others: list[Ask], abilities: Abilities) -> None:
        """Readings by the feed beside other things; by search where it can't be used after all."""
        feed = self._feed()
        try:
            self._readings(feed, others)
        except FeedExpired:
            feed.begin_anew()
            self._readings(feed, others)
        except FeedUnusable as error:
            _log.warning("%s", error)
            without(self._store, abilities, feed=True)
            self._fetch([partial(self._pages.of, _BY_TYPE["Observation"]), *others])

    def _readings(self, feed: Feed, others: Sequence[Ask]) -> None:
        self._fetch([*feed.first_parts(), *others])
        self._fetch([feed.changes])

    def _feed(self) -> Feed:
        bound = walk_of(_BY_TYPE["Observation"], self._now(), bounded=True)
        return Feed(self._store, self._client, bound)

    def _fetch(self, asked: Sequence[Ask]) -> None:
        """Fetch side by side, keep one after another. Raises _Stopped."""
        self._keeper.begin()
        pages = side_by_side(asked)
        try:
            for page in pages:
                self._keeper.keep(page)
                self._check()
        finally:
            pages.close()

    def _check(self) -> None:
        if self._stop():
            raise _Stopped
