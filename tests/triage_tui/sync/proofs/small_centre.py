"""A centre of two patients in the real server, and consoles with caches of their own, quick to make anew.

Server and caches are made once, after a first sync, and copied for each example.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from fhir_r4 import communications
from fhir_r4.care_plans import care_plan
from fhir_r4.client import FhirClient
from fhir_r4.raw import Raw
from fhir_r4.settled import Settled
from followup_server.http.app import create_app
from followup_server.judging.patients import judge_patients
from followup_server.storage.store import ResourceStore
from local_store.store import Store
from local_store.views import Nurse
from tests.triage_tui.sync.conftest import HOUR, NOW, PLAN, observation, patient
from tests.triage_tui.sync.proofs.in_process import BASE, InProcess, Meanwhile, Mishap, Way, in_one_thread
from triage_tui.sync.lease import PUSH, real_time_ms
from triage_tui.sync.push_now import push_now
from triage_tui.sync.report import SyncReport
from triage_tui.sync.round import sync_once
from work_items import Centre

KEY: Final = bytes(range(32))
PATIENTS: Final = ("p1", "p2")
NURSES: Final = {
    login: Nurse(login, f"Practitioner/demo-{login}", name)
    for login, name in (("kari", "Kari Nordmann"), ("ola", "Ola Hansen"), ("ingrid", "Ingrid Johansen"))
}
_LONG_S: Final = 600.0
"""No deadline of a real clock may cut an example short on a busy machine."""


@dataclass
class TrueTime:
    """The time that the server goes by."""

    now: int = NOW

    def __call__(self) -> int:
        return self.now


class FollowUpServer:
    """The server of an example."""

    def __init__(self, folder: Path, time: TrueTime) -> None:
        self.resources = ResourceStore(folder / "fhir.db", time)
        self.time = time
        app = create_app(self.resources, auth="demo", clock=time, centre=Centre())
        self.transport = InProcess(app)
        self._readings = 100

    def client(self, login: str = "ingrid", transport: httpx.BaseTransport | None = None) -> FhirClient:
        """A client whose clock is right, unless another transport says otherwise."""
        return FhirClient(
            BASE,
            authorization=f"Bearer demo-{login}",
            timeout=_LONG_S,
            clock=self.time,
            transport=transport or self.transport,
        )

    def measured(self, patient_id: str, loinc: str, value: int) -> None:
        """A device sends a reading, which is judged as it comes."""
        self._readings += 1
        raw = observation(self._readings, patient_id, value, self.time.now, loinc)
        with self.client() as device:
            device.create({name: member for name, member in raw.items() if name != "id"})

    def written(self, patient_id: str) -> None:
        """A patient writes to the centre."""
        self._readings += 1
        said = communications.message(
            f"00000000-0000-4000-8000-{self._readings:012}",
            patient=patient_id,
            author=f"Patient/{patient_id}",
            at=self.time.now,
            text="Når kommer dere?",
        )
        with self.client() as app:
            app.create(said)

    def judge_due(self) -> None:
        """What the server's timer does when time alone changes something."""
        judge_patients(self.resources, PATIENTS, self.time.now, Centre(), if_due=True)

    def close(self) -> None:
        self.transport.end()
        self.resources.close()


@dataclass
class Console:
    """A nurse's process: her cache, her clock, what she did."""

    nurse: Nurse
    folder: Path
    server: FollowUpServer
    ahead: int = 0
    """Of the true time, in milliseconds."""
    ops: list[str] = field(default_factory=list)
    """All that acts said they had kept."""
    store: Store = field(init=False)
    settled: Settled = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Begin as a new process."""
        self.store = Store.open(self.folder, KEY)
        self.settled = Settled(lambda: self.server.time.now / 1000)

    def clock(self) -> int:
        """This machine's."""
        return self.server.time.now + self.ahead

    def now(self) -> int:
        """As far as the console knows it: corrected by what it last measured of the server's."""
        with self.store.read() as snapshot:
            return self.clock() + (snapshot.marks().skew_ms or 0)

    def way(
        self, mishap: Mishap | None = None, place: str = "", nth: int = 0, meanwhile: Meanwhile = lambda: None
    ) -> Way:
        """A way to the server on which something happens; see `Way`."""
        return Way(self.server.transport, mishap, place, nth, meanwhile, self._take_picture)

    def sync(self, way: Way | None = None) -> SyncReport:
        """A round of syncing."""
        with self._client(way) as client:
            return sync_once(self.store, client, self.clock, settled=self.settled)

    def push(self, ops: list[str], way: Way | None = None) -> None:
        """What a command does after an act."""
        with self._client(way) as client:
            push_now(self.store, client, ops, _LONG_S, clock=self.clock)

    def killed(self) -> None:
        """Begin again from the files as they were when the process was killed."""
        self.store.close()
        shutil.rmtree(self.folder)
        self._picture.rename(self.folder)
        self.start()
        with self.store.write() as tx:  # the dead holder's pid is our own, which is alive
            holder = tx.lease_holder(PUSH, real_time_ms())
            if holder is not None:
                tx.release_lease(PUSH, holder)

    @property
    def _picture(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}-picture")

    def _take_picture(self) -> None:
        shutil.copytree(self.folder, self._picture)

    def _client(self, way: Way | None) -> FhirClient:
        return FhirClient(
            BASE,
            authorization=f"Bearer demo-{self.nurse.login}",
            timeout=_LONG_S,
            clock=self.clock,
            transport=way or self.way(),
        )


def _fill(server: FollowUpServer) -> None:
    raws: list[Raw] = [
        {"resourceType": "Practitioner", "id": "gp-berg", "name": [{"family": "Berg", "given": ["Aud"]}]},
        patient("p1", "Hansen", "Nils"),
        patient("p2", "Eira", "Máret"),
        *(
            {**care_plan(one, PLAN, title="kols", author="Practitioner/gp-berg"), "id": f"plan-{one}"}
            for one in PATIENTS
        ),
        observation(1, "p1", 86, NOW - HOUR),
        observation(2, "p1", 118, NOW - HOUR, "8867-4"),
        observation(3, "p2", 90, NOW - HOUR),
    ]
    with server.resources.write() as session:
        for raw in raws:
            session.update(str(raw["id"]), raw)
    judge_patients(server.resources, PATIENTS, NOW, Centre())


def memory_folder() -> Path:
    """A new folder in memory, where the system has one."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    return Path(tempfile.mkdtemp(prefix="triage-proof-", dir=memory if memory.is_dir() else None))


@dataclass(frozen=True)
class Template:
    """Files of server and consoles after a first sync."""

    files: Path

    def copy(self) -> Path:
        """The files of an example of its own."""
        folder = memory_folder()
        shutil.copytree(self.files, folder, dirs_exist_ok=True)
        return folder


@contextmanager
def template() -> Iterator[Template]:
    """Made once; gone when the block ends."""
    folder = memory_folder()
    try:
        with in_one_thread():
            server = FollowUpServer(folder, TrueTime())
            _fill(server)
            for login, nurse in NURSES.items():
                Store.create(folder / login, KEY).close()
                console = Console(nurse, folder / login, server)
                assert console.sync().complete
                console.store.close()
            server.close()
            yield Template(folder)
    finally:
        shutil.rmtree(folder)
