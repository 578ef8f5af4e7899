"""The feed over HTTP: the same as Observation search gives, and nothing lost afterwards."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import anyio
import httpx
import pytest
from starlette.requests import Request

from fhir_r4.observations import Observed, observed_of
from fhir_r4.raw import decode as resource
from fhir_r4.readings_feed import Entry, Gone, Odd, Page, Plain, decode, observed_in
from fhir_r4.readings_feed.entries import MEDIA_TYPE
from followup_server import simulator
from followup_server.bulk import loading
from followup_server.http.fhir_endpoint import respond
from followup_server.http.limits import Limits
from followup_server.http.server import Server
from followup_server.readings_feed.cursor import FeedCursor, Filters, read_cursor, write_cursor
from followup_server.readings_feed.pages import KEPT, page_of
from followup_server.storage.store import ResourceStore
from followup_server.writing.group_commit import GroupCommit
from tests.followup_server.conftest import START, MovableClock, connected

Made = Callable[..., dict[str, Any]]
FEED = "/$readings"
FAR = START + 10**12


def get(client: httpx.Client, **params: str) -> Page:
    response = client.get(FEED, params=params)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == MEDIA_TYPE
    assert "content-encoding" not in response.headers
    return decode(response.content)


def walk(client: httpx.Client, **params: str) -> tuple[list[Entry], str]:
    """All entries up to where there are no more, and the cursor."""
    page = get(client, **params)
    entries = list(page.entries)
    while page.more:
        page = get(client, after=page.next)
        entries += page.entries
    return entries, page.next


def said(entry: Entry) -> tuple[str, object]:
    """An Observation's id and all that a cache would keep of it."""
    if isinstance(entry, Gone):
        return str(entry.id), None
    if isinstance(entry, Odd):
        raw = resource(entry.raw)
        return str(raw["id"]), raw
    return str(entry.id), (str(entry.version), list(observed_in(entry)))


def searched(client: httpx.Client, **params: str) -> dict[str, object]:
    """The same by search."""
    found: dict[str, object] = {}
    url: str | None = str(client.base_url.join("Observation"))
    asked: dict[str, str] | None = {"_count": "500", **params}
    while url:
        response = client.get(url, params=asked)
        bundle = resource(response.content)
        for entry in bundle.get("entry", []):  # type: ignore[attr-defined]
            raw = entry["resource"]
            readings = observed_of(raw, judged_at=FAR)
            plain = all(isinstance(one, Observed) for one in readings) and readings and "note" not in raw
            found[raw["id"]] = (raw["meta"]["versionId"], readings) if plain else raw
        links = {link["relation"]: link["url"] for link in bundle["link"]}  # type: ignore[attr-defined]
        url, asked = links.get("next"), None
    return found


@pytest.fixture
def centre(store: ResourceStore, observation: Made) -> None:
    """A small centre with some odd Observations."""
    loading.load(store, simulator.centre(8, 20, 3, START))
    odd = [
        observation(note=[{"text": "etter trapp"}]),
        observation(effectiveDateTime="2026-05-20"),
        observation(subject={"display": "nobody"}),
        observation(valueQuantity={"value": 90, "comparator": ">", "code": "%"}),
    ]
    loading.load(store, [{**raw, "id": f"odd-{n}"} for n, raw in enumerate(odd)])


@pytest.mark.usefixtures("centre")
def test_a_snapshot_is_what_search_gives_in_order(kari: httpx.Client) -> None:
    entries, _ = walk(kari)

    assert dict(map(said, entries)) == searched(kari)
    keys = [(one.patient, one.parts[0].code, one.effective) for one in entries if isinstance(one, Plain)]
    assert keys == sorted(keys)
    assert len(keys) > 400
    assert sum(isinstance(one, Odd) for one in entries) == 3


@pytest.mark.usefixtures("centre")
def test_a_snapshot_may_be_bounded_as_a_search_is(kari: httpx.Client, store: ResourceStore) -> None:
    patient = store.search("Patient", [("_count", "1")]).matches[0].id
    for params in (
        {"date": "ge2026-05-15"},
        {"patient": patient},
        {"date": "lt2026-05-15", "patient": patient},
    ):
        entries, _ = walk(kari, **params)
        assert dict(map(said, entries)) == searched(kari, **params)
        assert entries


@pytest.mark.usefixtures("centre")
def test_without_ids_the_handle_still_tells_which_is_meant(kari: httpx.Client) -> None:
    entries, after = walk(kari, ids="false")
    whole, _ = walk(kari)
    ids = {one.handle: said(one)[0] for one in whole}
    plain = [one for one in entries if isinstance(one, Plain) and one.id is None]

    assert len(plain) > 400
    kari.delete(f"/Observation/{ids[plain[0].handle]}")
    gone = Gone(plain[0].handle, ids[plain[0].handle])
    assert get(kari, after=after).entries == (gone,), "changes have ids all the same"


@pytest.mark.usefixtures("centre")
def test_parts_are_the_whole_and_lead_to_the_same_changes(kari: httpx.Client, observation: Made) -> None:
    whole, _ = walk(kari)
    parts = [walk(kari, part=f"{number}-3") for number in (1, 2, 3)]

    assert sorted(one.handle for entries, _ in parts for one in entries) == sorted(
        one.handle for one in whole
    )
    assert all(len({one.patient for one in entries if isinstance(one, Plain)}) >= 1 for entries, _ in parts)
    kari.put("/Observation/new", json=observation(id="new")).raise_for_status()
    assert {get(kari, after=after).entries for _, after in parts} == {get(kari, after=parts[0][1]).entries}


@pytest.mark.usefixtures("centre")
def test_a_snapshot_of_some_patients_has_theirs_and_no_others(kari: httpx.Client) -> None:
    whole, _ = walk(kari)
    some = sorted({one.patient for one in whole if isinstance(one, Plain)})[:2]

    entries, _ = walk(kari, patient=",".join(some))

    assert {one.patient for one in entries if isinstance(one, Plain)} == set(some)


@pytest.mark.parametrize("most_patients", [2_000, 2])
@pytest.mark.usefixtures("centre")
def test_small_pages_give_the_same_as_one(store: ResourceStore, most_patients: int) -> None:
    with store.reading() as connection:
        whole = page_of(connection, "d", Filters(), None)
        page = page_of(connection, "d", Filters(), None, 50, most_patients)
        parts = [page]
        while page.more:
            page = page_of(connection, "d", Filters(), read_cursor(page.next), 50, most_patients)
            parts.append(page)

    assert not whole.more
    assert tuple(entry for page in parts for entry in page.entries) == whole.entries
    assert max(len(page.entries) for page in parts) <= 50
    assert parts[-1].next == whole.next


def test_new_amended_withdrawn_and_deleted_come_as_changes(kari: httpx.Client, observation: Made) -> None:
    def put(logical: str, **members: Any) -> None:
        kari.put(f"/Observation/{logical}", json=observation(id=logical, **members)).raise_for_status()

    for name in ("amended", "wrong", "deleted", "same"):
        put(name)
    entries, after = walk(kari)
    assert len(entries) == 4
    put("new")
    put("amended", status="amended", value=91)
    put("wrong", status="entered-in-error")
    kari.delete("/Observation/deleted").raise_for_status()

    changes, then = walk(kari, after=after)

    assert [said(one)[0] for one in changes] == ["new", "amended", "wrong", "deleted"]
    assert isinstance(changes[3], Gone)
    assert dict(map(said, changes[:3])) == {
        name: what for name, what in searched(kari).items() if name != "same"
    }
    assert walk(kari, after=then) == ([], then)


def test_what_is_written_during_a_snapshot_comes_afterwards(
    store: ResourceStore, kari: httpx.Client, observation: Made
) -> None:
    """An Observation that moves behind the reader's back, to where she has been already."""
    loading.load(store, [observation(id=f"o-{n}", at=f"2026-05-20T{n:02d}:00:00Z") for n in range(20)])
    with store.reading() as connection:
        first = page_of(connection, "d", Filters(), None, 10)
    late = observation(id="o-15", at="2026-05-01T00:00:00Z")
    kari.put("/Observation/o-15", json=late).raise_for_status()
    kari.delete("/Observation/o-16").raise_for_status()

    known: dict[str, object] = dict(map(said, first.entries))
    after = first.next
    for _ in range(3):
        with store.reading() as connection:
            page = page_of(connection, "d", Filters(), read_cursor(after))
        known.update(map(said, page.entries))
        after = page.next

    assert {name: what for name, what in known.items() if what is not None} == searched(kari)


def test_a_page_may_be_empty_before_the_last(store: ResourceStore) -> None:
    """Many patients of whom nothing is asked for: no request has to look at them all."""
    loading.load(store, [{"resourceType": "Patient", "id": f"p-{n}"} for n in range(5)])
    with store.reading() as connection:
        page = page_of(connection, "d", Filters(date="ge2100"), None, most_patients=4)
        last = page_of(connection, "d", Filters(), read_cursor(page.next), most_patients=4)

    assert (page.entries, page.more) == ((), True)
    assert (last.entries, last.more) == ((), False)


@pytest.mark.slow
def test_nothing_is_lost_while_others_write(base: str, observation: Made) -> None:
    headers = {"Authorization": "Bearer demo-device"}
    done = threading.Event()

    def write(writer: int) -> None:
        with httpx.Client(base_url=base, headers=headers, trust_env=False, timeout=30) as client:
            for n in range(25):
                logical = f"w{writer}-{n % 15}"
                raw = observation(80 + n % 20, id=logical, subject={"reference": f"Patient/p-{writer}"})
                client.put(f"/Observation/{logical}", json=raw).raise_for_status()
                if n % 5 == 4:
                    client.delete(f"/Observation/w{writer}-{n % 3}").raise_for_status()

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(3)]
    known: dict[str, object] = {}
    with httpx.Client(base_url=base, headers=headers, trust_env=False, timeout=30) as client:
        for writer in writers:
            writer.start()
        entries, after = walk(client)
        known.update(map(said, entries))
        while not done.is_set():
            if not any(writer.is_alive() for writer in writers):
                done.set()
            entries, after = walk(client, after=after)
            known.update(map(said, entries))

        assert {name: what for name, what in known.items() if what is not None} == searched(client)


def outcome(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["issue"][0]["code"]


def test_a_cursor_that_the_server_cant_go_on_from_is_gone(
    kari: httpx.Client, observation: Made, clock: MovableClock, store: ResourceStore
) -> None:
    kari.post("/Observation", json=observation())
    after = get(kari).next
    cursor = read_cursor(after)
    ahead = write_cursor(type(cursor)(cursor.database, cursor.stamp + 1, cursor.filters))
    other = write_cursor(type(cursor)("another", cursor.stamp, cursor.filters))

    assert outcome(kari.get(FEED, params={"after": ahead})) == (410, "deleted"), "restored from a copy"
    assert outcome(kari.get(FEED, params={"after": other})) == (410, "deleted"), "another database"
    clock.now += KEPT // 1000 + 1
    assert get(kari, after=after).entries == (), "nothing has happened since: nothing is unknown"
    kari.post("/Observation", json=observation(94))
    assert outcome(kari.get(FEED, params={"after": after})) == (410, "deleted"), "too old"


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"after": "nonsense"}, 404),
        ({"after": "W10"}, 404),
        ({"after": write_cursor(FeedCursor("d", 1, Filters(patients=("\0",))))}, 404),
        ({"colour": "red"}, 400),
        ({"ids": "perhaps"}, 400),
        ({"date": "gestern"}, 400),
        ({"patient": "a,?"}, 400),
        ({"part": "4-3"}, 400),
        ({"part": "0-3"}, 400),
        ({"part": "1-99"}, 400),
        ({"after": "x", "ids": "true"}, 400),
    ],
)
def test_what_it_doesnt_know_it_refuses(kari: httpx.Client, params: dict[str, str], status: int) -> None:
    assert kari.get(FEED, params=params).status_code == status


def test_it_needs_a_login_and_cant_stand_in_a_bundle(app: Any, kari: httpx.Client) -> None:
    nobody = connected(app, "nobody")
    bundle = {
        "resourceType": "Bundle",
        "type": "batch",
        "entry": [{"request": {"method": "GET", "url": "$readings"}}],
    }

    assert nobody.get(FEED).status_code == 401
    assert kari.post(FEED, json={}).status_code == 405
    answer = kari.post("/", json=bundle).json()
    assert answer["entry"][0]["response"]["status"].startswith("405")


def test_its_media_type_is_accepted_here_and_nowhere_else(kari: httpx.Client) -> None:
    asked = {"Accept": MEDIA_TYPE}

    assert kari.get(FEED, headers=asked).status_code == 200
    assert outcome(kari.get("/Patient", headers=asked)) == (406, "not-supported")
    assert outcome(kari.get(FEED, headers={"Accept": "text/html"})) == (406, "not-supported")


def test_pages_wait_for_one_another_and_nobody_else_for_them(
    store: ResourceStore, clock: MovableClock
) -> None:
    server = Server(store, "none", clock, Limits(), GroupCommit(store, lambda _: None).write)
    statuses: dict[str, int] = {}

    async def ask(path: str) -> None:
        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "scheme": "http"}
        headers = [(b"host", b"127.0.0.1")]
        response = await respond(server, Request({**scope, "headers": headers, "server": ("127.0.0.1", 80)}))
        statuses[path] = response.status_code

    async def while_two_pages_are_made() -> None:
        others = (object(), object())
        for other in others:
            server.heavy.acquire_on_behalf_of_nowait(other)
        async with anyio.create_task_group() as group:
            group.start_soon(ask, "/fhir/$readings")
            await anyio.wait_all_tasks_blocked()
            assert server.heavy.statistics().tasks_waiting == 1
            await ask("/fhir/Patient")
            assert statuses == {"/fhir/Patient": 200}
            for other in others:
                server.heavy.release_on_behalf_of(other)

    anyio.run(while_two_pages_are_made)
    assert statuses["/fhir/$readings"] == 200


def test_it_is_declared(kari: httpx.Client) -> None:
    (operation,) = kari.get("/metadata").json()["rest"][0]["operation"]

    assert operation["name"] == "readings"
    assert operation["definition"].endswith("/OperationDefinition/readings")
