"""Walking through many results by next links."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest

from followup_server.bulk import loading
from followup_server.storage.store import ResourceStore

Made = Callable[..., dict[str, object]]
MANY = 1_234


@pytest.fixture
def many(store: ResourceStore, kari: httpx.Client, observation: Made) -> httpx.Client:
    """1,234 Observations, all of one instant but a few."""
    raws = [observation(id=f"o-{at:04}") for at in range(MANY - 2)]
    raws += [observation(id="o-first", at="2026-01-01T00:00:00Z"), observation(id="o-none")]
    del raws[-1]["effectiveDateTime"]
    loading.load(store, raws)
    return kari


def walked(client: httpx.Client, url: str) -> Iterator[list[str]]:
    following: str | None = url
    while following is not None:
        page = client.get(following).json()
        yield [entry["resource"]["id"] for entry in page["entry"]]
        following = next((link["url"] for link in page["link"] if link["relation"] == "next"), None)


@pytest.mark.parametrize("sort", ["_lastUpdated", "-_lastUpdated", "date", "-date,_id", "status,code", ""])
def test_every_row_comes_once_whatever_the_order(many: httpx.Client, sort: str) -> None:
    pages = list(walked(many, f"/Observation?_count=500&_sort={sort}" if sort else "/Observation?_count=500"))

    assert [len(page) for page in pages] == [500, 500, 234]
    assert len({logical for page in pages for logical in page}) == MANY


def test_missing_values_come_last_both_ways(many: httpx.Client) -> None:
    for sort in ("date", "-date"):
        pages = list(walked(many, f"/Observation?_count=1000&_sort={sort}"))
        assert pages[-1][-1] == "o-none"
    assert pages[-1][-2] == "o-first"


def test_rows_written_while_walking_lose_none_of_the_others(many: httpx.Client, observation: Made) -> None:
    walk = walked(many, "/Observation?_count=500&_sort=_lastUpdated")
    seen = next(walk)
    many.put(f"/Observation/{seen[0]}", json=observation(id=seen[0]))
    many.delete(f"/Observation/{seen[1]}")
    many.post("/Observation", json=observation())

    rest = [logical for page in walk for logical in page]

    assert len(set(seen + rest)) == MANY + 1
    assert rest[-2] == seen[0], "changed after it was seen, so it comes again"


def test_a_page_has_a_largest_size(many: httpx.Client) -> None:
    assert len(many.get("/Observation?_count=100000").json()["entry"]) == 1000


@pytest.mark.parametrize(
    "page", ["x", "WzFd", "sealed.AAAA", "WyJhIl0", "WzEwMDAwMDAwMDAwMDAwMDAwMDAwMDAsMV0", "%00"]
)
def test_a_page_that_isnt_ours_is_not_found(kari: httpx.Client, page: str) -> None:
    assert kari.get(f"/Observation?_sort=date&_page={page}").status_code == 404
