"""One patient's judging, carried on by readings and by time: the engine between two readings.

Whatever the order in which readings and instants come, the answer is that of judging everything at once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from threshold_engine.episodes import episodes_of
from threshold_engine.implausible import ImplausibleTrack
from threshold_engine.kinds import track_of
from threshold_engine.lives import lives_of
from threshold_engine.missing import MissingTrack
from threshold_engine.model import Because, Episode, Instant, Level, Step
from threshold_engine.plans import Plan
from threshold_engine.readings import WITHDRAWN, Reading
from threshold_engine.rule_reading import BUILT_IN
from threshold_engine.rules import MissingRule
from threshold_engine.selection import CLOCK_SLACK, Place, Usable, is_newer, newest_versions
from threshold_engine.track import FAR, Kept, Life, Track
from threshold_engine.watch import Lived, Watch


class KeptJudge(NamedTuple):
    """What a judge has to remember to be carried on later, or elsewhere."""

    now: Instant
    known: tuple[Reading, ...]
    """The newest version of each reading, withdrawn ones too."""
    tracks: dict[tuple[str, Instant], Kept]
    """By rule and the beginning of its life."""


class PatientJudge:
    """What becomes of one patient's readings under her plan, as of `now`."""

    __slots__ = (
        "_edge",
        "_edge_ahead",
        "_episodes",
        "_lived",
        "_missing",
        "_next_edge",
        "_only",
        "_wake",
        "_watches",
        "known",
        "now",
        "patient",
        "peers",
        "plan",
        "usable",
    )

    def __init__(
        self,
        plan: Plan,
        readings: Iterable[Reading],
        now: Instant,
        *,
        known: dict[str, Reading] | None = None,
        kept: KeptJudge | None = None,
    ) -> None:
        """`readings` in any order; those of other patients count only as versions of an id.

        Where several judges share the ids that are known, `known` holds the newest version of each reading,
        and `readings` are those of them that are this patient's.
        """
        self.plan = plan
        self.patient = plan.patient
        self.now = now
        self.peers: Mapping[str, PatientJudge] = {}
        """The judges that share what is known of ids, by patient."""
        self.known = newest_versions(readings) if known is None else known
        """The newest version of each reading, by its id."""
        mine = self.known.values() if known is None else readings
        self.usable = Usable()
        """Those that are judged. For looking only."""
        self.usable.fill((one for one in mine if self.uses(one)), now)
        self._lived: list[Lived] = []
        self._missing: list[MissingTrack] = []
        self._only: MissingTrack | None = None
        """The one rule that waits for anything, if only one does."""
        self._watches: dict[str, Watch] = {}
        self._episodes: tuple[Episode, ...] | None = None
        for rule, life in lives_of(plan):
            self._live(rule.id, life, track_of(rule, self.usable, life, plan.pauses), kept)
        for code in list(self.usable.implausible):
            self._doubt(code, kept)
        self._edge, self._next_edge = self._edges()
        self._look(self._watches)
        self._wake = self._next_wake()
        if kept is not None:
            self.advance(now)

    @classmethod
    def resumed(cls, plan: Plan, kept: KeptJudge) -> PatientJudge:
        """The judge that `kept` was taken from; with another plan the answer is wrong: judge anew."""
        return cls(plan, kept.known, kept.now, kept=kept)

    @property
    def tracks(self) -> Iterator[Track]:
        """The lives of the plan's rules, built-in ones and those to come included."""
        return (lived.track for lived in self._lived)

    def kept(self) -> KeptJudge:
        """What `resumed` needs."""
        tracks = {(lived.rule, lived.life.start): lived.track.kept() for lived in self._lived}
        return KeptJudge(self.now, tuple(self.known.values()), tracks)

    @property
    def episodes(self) -> tuple[Episode, ...]:
        """In the order (onset, rule)."""
        if self._episodes is None:
            found = [
                episode
                for rule, life, track in self._lived
                if track.changes
                for episode in episodes_of(self.patient, rule, track.changes, self._ended(life))
            ]
            self._episodes = tuple(sorted(found, key=lambda episode: (episode.onset, episode.rule)))
        return self._episodes

    def feed(self, reading: Reading, now: Instant) -> bool:
        """Take in a reading, late, doubled or corrected ones too; `now` never before the last one given.

        Gives whether the answer may be another than before. Raises ValueError if time goes back.
        """
        changed = False
        if self.now <= now < self._wake:
            self.now = now
        else:
            changed = self.advance(now)
        watch = self._watches.get(reading.code)
        value, at, received = reading.value, reading.effective, reading.received
        if (
            watch is not None
            and type(value) is int
            and watch.least <= value <= watch.most
            and watch.after < at <= now
            and reading.patient == self.patient
            and (reading.status == "final" or reading.status not in WITHDRAWN)
            and (received is None or at - received <= CLOCK_SLACK)
            and self.known.setdefault(reading.id, reading) is reading
        ):
            watch.after = at
            watch.times.append(at)
            watch.readings.append(reading)
            watch.values.append(value)
            if watch.patience is not None:
                wake = at + watch.patience
                self._wake = wake if wake < self._edge_ahead else self._edge_ahead
            return changed if watch.low <= value <= watch.high else self._judge_newest(watch) or changed
        old = self.known.get(reading.id)
        if old is not None and not is_newer(reading, old):
            return changed
        self.known[reading.id] = reading
        if old is not None and old.patient != reading.patient:
            owner = self.peers.get(old.patient)
            if owner is not None and owner is not self:
                owner.advance(now)
                owner.replace(old, reading)
        return self.replace(old, reading) or changed

    def replace(self, old: Reading | None, new: Reading) -> bool:
        """Judge with one version of a reading instead of another, as far as they are this patient's."""
        places: list[Place | None] = []
        if old is not None and self.uses(old):
            places.append(self.usable.remove(old, self.now))
        if self.uses(new):
            places.append(self.usable.add(new, self.now))
        changed = self._tell(place for place in places if place is not None)
        self._wake = self._next_wake()
        return changed

    def advance(self, now: Instant) -> bool:
        """Let time pass, up to `now`; gives whether the answer may be another than before.

        Raises ValueError where that is before the instant that has been judged.
        """
        if now < self.now:
            raise ValueError("a later instant has been judged already: judge anew from the readings")
        self.now = now
        if now < self._wake:
            return False
        ahead = self.usable.ahead
        changed = ahead is not None and ahead <= now and self._tell(self.usable.caught_up(now))
        changed = self._pass() or changed
        if now >= self._next_edge:
            self._edge, self._next_edge = self._edges()
            self._episodes = None
            self._look(self._watches)
            changed = True
        self._wake = self._next_wake()
        return changed

    def steps(self, rule_id: str) -> tuple[Step, ...]:
        """Each reading or instant that the rule judged, in all its lives, oldest first.

        Empty for `missing`, whose timers judge no reading, and for a rule that never stood.
        """
        found = [step for lived in self._lived if lived.rule == rule_id for step in lived.track.steps()]
        return tuple(sorted(found, key=lambda step: step.at))

    def explain(self, episode: Episode) -> tuple[Because, ...]:
        """Why each change of an episode that isn't green came about, oldest first.

        Of an episode that this judge didn't find (the server's, say, of other readings) only the changes
        that it found too.
        """
        because: list[Because] = []
        for lived in self._lived:
            if lived.rule == episode.rule:
                found = set(lived.track.changes)
                wanted = [c for c in episode.changes if c in found and c.level is not Level.GREEN]
                because += map(lived.track.because, wanted)
        return tuple(sorted(because, key=lambda reason: reason.at))

    def due(self) -> Instant | None:
        """The earliest instant after now at which the answer may change without new input; none if it can't.

        That is a timer of `missing`, a reading dated ahead, or the edge of a plan's version or of a pause.
        """
        plan, now = self.plan, self.now
        if not plan.versions:
            return None
        edges = [version.valid_from for version in plan.versions]
        if any(isinstance(rule, MissingRule) for version in plan.versions for rule in version.rules):
            edges += [pause.start for pause in plan.pauses]
            edges += [pause.end for pause in plan.pauses if pause.end is not None]
        timers = [track.due(now) for track in self._missing]
        candidates = [*edges, *timers, self.usable.ahead]
        return min((at for at in candidates if at is not None and at > now), default=None)

    def uses(self, reading: Reading) -> bool:
        """Whether a reading is this patient's and wasn't withdrawn."""
        return reading.patient == self.patient and reading.status not in WITHDRAWN

    def _live(self, rule: str, life: Life, track: Track, kept: KeptJudge | None) -> None:
        """Carry on a life of a rule from what is kept of it, or begin it."""
        before = kept.tracks.get((rule, life.start)) if kept else None
        if before is not None:
            track.resume(before)
        else:
            track.begin(self.now)
        lived = Lived(rule, life, track)
        self._lived.append(lived)
        if isinstance(track, MissingTrack):
            self._missing.append(track)
        for code in track.codes:
            self._watch(code).watch(lived)

    def _doubt(self, code: str, kept: KeptJudge | None = None) -> None:
        """Begin the built-in rule of a code, once there is anything for it to judge."""
        rule = BUILT_IN + code
        if self.plan.versions and not any(lived.rule == rule for lived in self._lived):
            life = Life(self.plan.versions[0].valid_from, None)
            self._live(rule, life, ImplausibleTrack(code, self.usable, life), kept)

    def _watch(self, code: str) -> Watch:
        found = self._watches.get(code)
        if found is None:
            found = self._watches[code] = Watch(code, self.usable.series(code))
            if self._only is not None and code in self._only.codes:
                found.patience = self._only.patience
        return found

    def _judge_newest(self, watch: Watch) -> bool:
        """Judge a reading that has come in order; gives whether a level has changed."""
        changed = watch.appended()
        if changed:
            self._episodes = None
            self._look(changed)
            self._pass()
            self._wake = self._next_wake()
        return bool(changed)

    def _tell(self, places: Iterable[Place]) -> bool:
        """Have judged what came to stand, or no longer stands, at these places, and what time has brought."""
        codes: set[str] = set()
        told: list[tuple[Track, Instant]] = []
        for place in places:
            codes.add(place.code)
            if not place.plausible:
                self._doubt(place.code)
            for lived in self._watch(place.code).tracks:
                lived.track.noted(place.at)
                told.append((lived.track, place.at))
                codes.update(lived.track.codes)
        for track, at in told:
            track.arrived(at)
        if codes:
            self._episodes = None
            self._look(codes)
        return self._pass() or bool(codes)

    def _pass(self) -> bool:
        """Have judged what time has brought; gives whether a level has changed."""
        changed = False
        if self._only is not None:
            self._only.skip_readings_in_time()
        for track in self._missing:
            if track.wake <= self.now:
                changed = track.pass_to(self.now) or changed
                self._look(track.codes)
        if changed:
            self._episodes = None
        return changed

    def _look(self, codes: Iterable[str]) -> None:
        for code in codes:
            self._watch(code).look(self._edge)

    def _edges(self) -> tuple[Instant, Instant]:
        """When the version in force began, and when the next will."""
        starts = [version.valid_from for version in self.plan.versions]
        index = bisect_right(starts, self.now)
        return starts[index - 1] if index else -FAR, starts[index] if index < len(starts) else FAR

    def _next_wake(self) -> Instant:
        """Before this instant `advance` has nothing to do; readings that come may put it off."""
        ahead = self.usable.ahead
        edge = self._next_edge if ahead is None else min(self._next_edge, ahead)
        waiting = [track for track in self._missing if track.wake < FAR]
        self._edge_ahead = min([edge, *(track.edge for track in waiting)])
        only = waiting[0] if len(waiting) == 1 else None
        if only is not self._only:
            self._only = only
            for code, watch in self._watches.items():
                watch.patience = only.patience if only is not None and code in only.codes else None
        return min([self._edge_ahead, *(track.wake for track in waiting)])

    def _ended(self, life: Life) -> Instant | None:
        return life.end if life.end is not None and life.end <= self.now else None
