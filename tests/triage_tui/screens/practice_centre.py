"""A centre of made-up patients as views, and a session over it, without store or server.

Not a test file; also run by the tests that start the console under a terminal of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from made_up_chart import made_up_chart
from practice_acts import PracticeActs
from practice_keeping import KeepsInMemory
from practice_overview import PracticeOverview

from local_store.views import (
    Contact,
    LimitSpan,
    News2View,
    Nurse,
    PatientView,
    Person,
    PersonLine,
    PlanView,
    QueueEntry,
    QueueView,
    ReadingView,
    StatusView,
    TimelineEntry,
    WeekTrend,
    Zone,
)
from threshold_engine.model import Because, Change, Episode, Level
from triage_tui.acts.done import ActDone
from triage_tui.acts.refused import ActRefused
from triage_tui.chart.views import Chart
from triage_tui.sync.state import Stage, SyncState
from work_items.model import Band, Item, ItemCode, ItemState, Mark, Outcome, Row

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
MILLION = 1_000_000


def at(text: str) -> int:
    """`2026-03-03 09:31` on the clock of Northern Norway in winter → instant."""
    local = datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    return int((local - timedelta(hours=1)).timestamp()) * 1000


NOW = at("2026-03-03 09:31")
KARI = Nurse("kari", "Practitioner/kari", "Kari Nordmann")
OLA = Nurse("ola", "Practitioner/ola", "Ola Hansen")


def status(**changes: object) -> StatusView:
    """A fresh cache, or one that differs from it in `changes`."""
    fresh = StatusView(
        last_sync=NOW - 4 * MINUTE,
        offline_since=None,
        pending=0,
        parked=0,
        conflicts=0,
        audit_pending=0,
        oldest_pending=None,
        patients=21,
        readings=4000,
        loaded=True,
        server_time_skew_ms=0,
    )
    return replace(fresh, **changes)  # type: ignore[arg-type]


def person(patient: str, name: str, born: str, **more: object) -> Person:
    """A person with the facts that most have."""
    plain = Person(
        id=patient,
        name=name,
        birth_date=born,
        sex="female",
        national_id="13816900216",
        phone="+47 400 00 216",
        language="nb",
        gp="Berg, Storslett",
        programme="kols",
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def episode(patient: str, rule: str, level: Level, onset: int, cleared: int | None = None) -> Episode:
    """An episode of one level."""
    return Episode(
        id=f"episode-{patient}-{rule}",
        patient=patient,
        rule=rule,
        onset=onset,
        level=level,
        peak=level,
        cleared=cleared,
        reason="reading" if cleared else None,
        changes=(Change(onset, level, None),),
    )


def item(patient: str, rule: str, band: Band, due: int, **more: object) -> Item:
    """An open alert of a rule."""
    level = {Band.RED: Level.RED, Band.YELLOW: Level.YELLOW, Band.BLUE: Level.YELLOW}[band]
    plain = Item(
        task=f"task-{patient}-{rule}",
        patient=patient,
        code=ItemCode.ALERT,
        what=f"episode-{patient}-{rule}",
        band=band,
        raised=due - 30 * MINUTE,
        respond_by=due,
        episode=episode(patient, rule, level, due - 30 * MINUTE),
        kind="limit",
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def spo2_because(value: int = 86) -> Because:
    """Two of three under 88."""
    return Because(
        at=at("2026-03-03 08:51"),
        level=Level.RED,
        kind="limit",
        codes=("spo2",),
        direction="below",
        limit=88 * MILLION,
        measured=value * MILLION,
        beyond=2,
        need=2,
        of=3,
        readings=(
            ("r1", at("2026-03-02 20:05"), 87 * MILLION),
            ("r2", at("2026-03-03 08:51"), value * MILLION),
        ),
    )


def plan() -> PlanView:
    """A plan with all three zones."""
    return PlanView(
        title="Kols, hjemmeoppfølging",
        version=4,
        approved_by="Berg, Storslett",
        approved_at=at("2026-02-28 12:00"),
        author="Kari Nordmann",
        zones=(
            Zone("green", "Ta medisinene som vanlig.", "Ingen tiltak."),
            Zone("yellow", "Hvil, og mål igjen om en time.", "Ring innen fire timer."),
            Zone("red", "Ring senteret straks.", "Ring pasienten, vurder legevakt 116 117."),
        ),
    )


def week(code: str, *values: int | None) -> WeekTrend:
    """Seven days up to today."""
    today = datetime.fromtimestamp(NOW / 1000, UTC).date()
    days = {
        (today - timedelta(days=6 - i)).isoformat(): value * MILLION
        for i, value in enumerate(values)
        if value is not None
    }
    return WeekTrend(code, days)


def entry(row: Row, who: Person, because: dict[str, Because], **more: object) -> QueueEntry:
    """A row with what the screen says about it."""
    plain = QueueEntry(
        row=row,
        person=who,
        because=because,
        owner_login=None,
        owner_name=None,
        owner_unconfirmed=False,
        news2=None,
        week=None,
        last_contact=None,
        plan=plan(),
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def row(rank: int, *items: Item) -> Row:
    """A row of items, the first of them the worst."""
    first = items[0]
    return Row(
        rank=rank,
        patient=first.patient,
        band=first.band,
        standing=first.stands,
        respond_by=first.respond_by,
        overdue=first.respond_by < NOW,
        news2=None,
        items=items,
    )


NILS = person(
    "p1",
    "Hansen, Nils",
    "1954-01-13",
    sex="male",
    warnings=("bor alene", "O₂ hjemme"),
    diagnoses=("kols GOLD 3", "hjertesvikt"),
    next_of_kin=(Contact("Anne Hansen", "datter", "+47 400 00 001"),),
)
MARET = person("p2", "Eira, Máret", "1944-06-01", programme="hj.svikt", national_id="01864400331")
KARE = person("p3", "Olsen, Kåre", "1959-12-24", sex="male", national_id="24925900118")
LIV = person("p4", "Bakken, Liv", "1967-05-17", programme="diab.", national_id="17856700447")
BIERA = person("p5", "Čáhppesčearru-Ŋuorvu, Bierŋa Đđŧž", "1950-02-02", sex="male", programme="kols")


def nils() -> QueueEntry:
    """Red, overdue, two alerts."""
    red = item("p1", "spo2", Band.RED, NOW - 10 * MINUTE)
    yellow = item("p1", "pulse", Band.YELLOW, NOW + 2 * HOUR)
    pulse = Because(
        at=NOW - HOUR,
        level=Level.YELLOW,
        kind="limit",
        codes=("pulse",),
        direction="above",
        limit=110 * MILLION,
        measured=112 * MILLION,
        beyond=1,
        need=1,
        of=1,
        readings=(("r3", NOW - HOUR, 112 * MILLION),),
    )
    last = TimelineEntry(
        "c1", "contact", at("2026-03-02 13:02"), "Ola Hansen", "mer tungpust siden søndag", "phone", True
    )
    return entry(
        row(1, red, yellow),
        NILS,
        {red.task: spo2_because(), yellow.task: pulse},
        week=week("spo2", 94, 94, 92, 91, 89, 87, 86),
        last_contact=last,
        news2=News2View(5, 5, NOW - HOUR),
    )


def others() -> list[QueueEntry]:
    """One row of each sort that looks different."""
    weight = item(
        "p2", "weight", Band.RED, NOW + 9 * MINUTE, owner=OLA.reference, owned_since=NOW - 20 * MINUTE
    )
    gained = Because(
        at=NOW - HOUR,
        level=Level.RED,
        kind="change",
        codes=("weight",),
        direction="rise",
        limit=2 * MILLION,
        measured=2_600_000,
        readings=(("w1", NOW - 3 * DAY, 80 * MILLION), ("w2", NOW - HOUR, 82_600_000)),
    )
    worse = item("p3", "anthonisen", Band.YELLOW, NOW + 104 * MINUTE, owner=KARI.reference, kind="count")
    count = Because(
        at=NOW - HOUR,
        level=Level.YELLOW,
        kind="count",
        codes=("breathlessness", "sputum"),
        limit=2 * MILLION,
        measured=2 * MILLION,
        of=3,
    )
    gone = item(
        "p4", "missing", Band.BLUE, NOW + 5 * HOUR + 29 * MINUTE, code=ItemCode.MISSING, kind="missing"
    )
    missing = Because(
        at=NOW - DAY, level=Level.YELLOW, kind="missing", codes=("glucose",), since=at("2026-02-28 07:10")
    )
    odd = item(
        "p5",
        "implausible:spo2",
        Band.YELLOW,
        NOW + 3 * HOUR,
        code=ItemCode.TECHNICAL,
        kind="implausible",
        marks=frozenset({Mark.IMPOSSIBLE_VALUE}),
    )
    impossible = Because(
        at=NOW - HOUR, level=Level.YELLOW, kind="implausible", codes=("spo2",), measured=45 * MILLION
    )
    return [
        entry(
            row(2, weight),
            MARET,
            {weight.task: gained},
            owner_login="ola",
            owner_name="Ola Hansen",
            week=week("weight", 80, 80, 80, 81, 82, 82, 83),
        ),
        entry(
            row(3, worse),
            KARE,
            {worse.task: count},
            owner_login="kari",
            owner_name="Kari Nordmann",
            owner_unconfirmed=True,
            week=week("cat", None, None, None, 10, 10, 14, 15),
        ),
        entry(row(4, odd), BIERA, {odd.task: impossible}, plan=None),
        entry(row(5, gone), LIV, {gone.task: missing}, week=week("glucose", 8, 8, 9, 8, None, None, None)),
    ]


def queue(entries: Sequence[QueueEntry] | None = None, **changes: object) -> QueueView:
    """The queue with its usual rows, or with others."""
    rows = [nils(), *others()] if entries is None else entries
    return QueueView(NOW, tuple(rows), 4, status(**changes))


FAMILIES = ("Hætta", "Čáhppesčearru", "Nordmann", "Berg-Johansen", "Eira", "Ŋuorvu", "Li")
GIVEN = ("Per Ánte", "Liv", "Máret Elle", "Kåre", "Bierŋa")
WARNINGS = (("bor alene",), ("O₂ hjemme", "hørselshemmet"), (), ("tolk nordsamisk",))


def many(n: int) -> list[QueueEntry]:
    """A long queue of rows that differ in every column and in what the pane says of them."""
    rows = []
    for i in range(n):
        band = Band.RED if i < n // 10 else Band.YELLOW if i < n // 2 else Band.BLUE
        one = item(f"m{i:05d}", "spo2", band, NOW + (i % 400 - 20) * MINUTE)
        who = person(
            f"m{i:05d}",
            f"{FAMILIES[i % 7]}, {GIVEN[i % 5]} {i}",
            f"19{40 + i % 50}-0{1 + i % 9}-11",
            national_id=f"11845000{i % 1000:03d}",
            warnings=WARNINGS[i % 4],
            gp=("Berg, Storslett", "Dahl, Skjervøy", None)[i % 3],
            programme=("kols", "hj.svikt", "diab.")[i % 3],
        )
        trend = week("spo2", 90 + i % 5, 91, 92 + i % 3, 90, 89, None, 86 + i % 7)
        last = replace(timeline()[i % 4], text=f"ring igjen {i}")
        rows.append(
            entry(row(i + 1, one), who, {one.task: spo2_because(80 + i % 8)}, week=trend, last_contact=last)
        )
    return rows


def sync_state(view: StatusView) -> SyncState:
    """The sync worker's picture of the same."""
    return SyncState(
        online=view.offline_since is None,
        last_sync=view.last_sync,
        offline_since=view.offline_since,
        pending=view.pending,
        parked=view.parked,
        conflicts=view.conflicts,
        oldest_pending=view.oldest_pending,
        oldest_unsent=view.oldest_unsent or view.oldest_pending,
        server_time_skew_ms=view.server_time_skew_ms,
        stage=Stage("idle" if view.offline_since is None else "offline"),
    )


def readings(patient_days: int = 30) -> tuple[ReadingView, ...]:
    """A month of SpO₂ twice a day that sinks, with two days missing, and pulse, temperature and weight."""
    found = []
    for back in range(patient_days):
        day = NOW - back * DAY
        if back in (11, 12):
            continue
        base = 94 - (6 if back < 2 else 3 if back < 5 else 0) + (back * 7) % 3 - 1
        found.append(ReadingView(f"s{back}a", "spo2", base * MILLION, "%", day - 40 * MINUTE, day, "final"))
        found.append(
            ReadingView(f"s{back}b", "spo2", (base + 1) * MILLION, "%", day - 13 * HOUR, day, "final")
        )
        found.append(
            ReadingView(
                f"p{back}",
                "pulse",
                (96 + 112 * 0 + (back * 5) % 17) * MILLION,
                "/min",
                day - HOUR,
                day,
                "final",
            )
        )
        if back % 3 == 0:
            weight = 80_000_000 + (back * 137 % 12) * 100_000
            found.append(ReadingView(f"w{back}", "weight", weight, "kg", day - 2 * HOUR, day, "final"))
    found.append(ReadingView("t0", "temperature", 37_900_000, "Cel", NOW - HOUR, NOW - HOUR, "final"))
    found.append(
        ReadingView(
            "s-odd", "spo2", 45 * MILLION, "%", NOW - 8 * DAY, NOW - 8 * DAY, "final", plausible=False
        )
    )
    found.append(ReadingView("s-fix", "spo2", 97 * MILLION, "%", NOW - 16 * DAY, NOW - 16 * DAY, "corrected"))
    return tuple(sorted(found, key=lambda reading: -reading.effective))


def timeline() -> tuple[TimelineEntry, ...]:
    """What was done, newest first."""
    return (
        TimelineEntry(
            "c1", "contact", at("2026-03-02 13:02"), "Ola Hansen", "mer tungpust siden søndag", "phone", True
        ),
        TimelineEntry("n1", "note", at("2026-03-01 10:00"), "Kari Nordmann", "Ny maske prøvd.", sent=False),
        TimelineEntry("p4", "plan", at("2026-02-28 12:00"), "Berg", "4"),
        TimelineEntry("o1", "outcome", at("2026-02-20 09:00"), "Kari Nordmann", "advice-given"),
    )


def patient(queue_entry: QueueEntry, days: int = 30, **changes: object) -> PatientView:
    """Everything about the patient of a row."""
    limits = {
        "spo2": (
            LimitSpan(NOW - 60 * DAY, NOW - 10 * DAY, red_below=86 * MILLION, yellow_below=90 * MILLION),
            LimitSpan(NOW - 10 * DAY, None, red_below=88 * MILLION, yellow_below=92 * MILLION),
        ),
        "pulse": (LimitSpan(NOW - 60 * DAY, None, yellow_above=110 * MILLION, red_above=130 * MILLION),),
    }
    told = PatientView(
        person=queue_entry.person,
        items=queue_entry.row.items,
        because={task: (because,) for task, because in queue_entry.because.items()},
        owners={KARI.reference: KARI.name, OLA.reference: OLA.name},
        level=Level.RED,
        plan=queue_entry.plan,
        limits=limits,
        readings=tuple(r for r in readings(90) if r.effective > NOW - days * DAY),
        timeline=timeline(),
        news2=News2View(5, 5, NOW - HOUR),
        status=status(),
    )
    return replace(told, **changes)  # type: ignore[arg-type]


class PracticeSession(PracticeActs, KeepsInMemory):
    """The console's session over views in memory. Acts are noted in `acts` and change the queue a little."""

    centre = "Nord-Troms oppfølgingssenter"
    demo = False

    def __init__(self, view: QueueView | None = None) -> None:
        super().__init__()
        self.view = queue() if view is None else view
        self.acts: list[tuple[object, ...]] = []
        self.refuse: str | None = None
        self.woken = 0
        self.charts: dict[str, Chart] = {"p1": made_up_chart()}
        self.older: list[tuple[str, int]] = []
        self.choices: dict[str, dict[str, object]] = {}

    def whoami(self) -> Nurse:
        return KARI

    def now(self) -> int:
        return self.view.now

    def acting(self) -> PracticeSession:
        return self

    def queue(self) -> QueueView:
        return self.view

    def patient(self, patient_id: str, days: int) -> PatientView:
        found = next(e for e in self.view.entries if e.row.patient == patient_id)
        return patient(found, days)

    @property
    def overview(self) -> PracticeOverview:
        return PracticeOverview(self)

    def chart(self, patient_id: str) -> Chart:
        return self.charts.get(patient_id, Chart())

    def fetch_older(self, patient_id: str, days: int) -> int:
        self.older.append((patient_id, days))
        return 0

    def open_messages(self, patient_id: str) -> None:
        self.acts.append(("open", patient_id))

    def picture(self, patient_id: str, url: str) -> bytes:
        raise NotImplementedError

    def find(self, query: str) -> list[PersonLine]:
        return [
            PersonLine(e.person, NOW - HOUR, "Kols")
            for e in self.view.entries
            if query.lower() in e.person.name.lower()
        ]

    def _done(self, *act: object, patient_id: str) -> ActDone:
        if self.refuse is not None:
            raise ActRefused(self.refuse)
        self.acts.append(act)
        found = next(e.person for e in self.view.entries if e.row.patient == patient_id)
        return ActDone(
            str(act[1]) if len(act) > 1 else "op", ("op",), patient_id, found.name, found.birth_date
        )

    def _owner_of(self, task: str) -> str:
        return next(i.patient for e in self.view.entries for i in e.row.items if i.task == task)

    def _hold(self, patient_id: str, nurse: Nurse | None) -> None:
        def held(e: QueueEntry) -> QueueEntry:
            if e.row.patient != patient_id:
                return e
            state = ItemState.IN_PROGRESS if nurse else ItemState.REQUESTED
            owner = nurse.reference if nurse else None
            items = tuple(replace(i, owner=owner, state=state, owned_since=NOW) for i in e.row.items)
            login, name = (nurse.login, nurse.name) if nurse else (None, None)
            return replace(e, row=replace(e.row, items=items), owner_login=login, owner_name=name)

        self.view = replace(self.view, entries=tuple(held(e) for e in self.view.entries))

    def take(self, task: str) -> ActDone:
        done = self._done("take", task, patient_id=self._owner_of(task))
        self._hold(done.patient, KARI)
        return done

    def takeover(self, task: str) -> ActDone:
        done = self._done("takeover", task, patient_id=self._owner_of(task))
        self._hold(done.patient, KARI)
        return done

    def release(self, task: str) -> ActDone:
        done = self._done("release", task, patient_id=self._owner_of(task))
        self._hold(done.patient, None)
        return done

    def note(self, patient_id: str, text: str, about: Sequence[str]) -> ActDone:
        return self._done("note", patient_id, text, tuple(about), patient_id=patient_id)

    def contact(
        self,
        patient_id: str,
        *,
        by: str,
        result: str,
        text: str,
        about: Sequence[str],
        follow_up: int | None,
        whom: str | None = None,
    ) -> ActDone:
        others = () if whom is None else (whom,)
        done = self._done("contact", patient_id, by, result, text, follow_up, *others, patient_id=patient_id)
        tries = sum(act[0] == "contact" and act[3] == "no-answer" for act in self.acts)
        return replace(done, unanswered=tries if result == "no-answer" else 0)

    def complete(self, task: str, outcome: str, note: str) -> ActDone:
        Outcome(outcome)
        return self._done("complete", task, outcome, note, patient_id=self._owner_of(task))

    def shelve(self, task: str, until: int, reason: str) -> ActDone:
        return self._done("shelve", task, until, reason, patient_id=self._owner_of(task))

    def undo(self, patient_id: str) -> ActDone:
        return replace(self._done("undo", patient_id=patient_id), withdrawn=("note", NOW))

    def sync_state(self) -> SyncState:
        return sync_state(self.view.status)

    def wake_sync(self) -> None:
        self.woken += 1
