"""Two nurses do something to the same patient, in every order, with the link up or down (two_nurses.py)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from followup_server.http.app import create_app
from followup_server.http.serve import in_background
from followup_server.judging.patients import judge_patients
from followup_server.storage.store import ResourceStore
from tests.triage_tui.sync.conftest import MovableClock, Server
from tests.triage_tui.sync.two_nurses import (
    KARI,
    OUTCOMES,
    WORSE,
    Played,
    newest,
    nurse_at_work,
    play,
    put_centre,
    scenarios,
    seen_differently,
    settle,
    start,
    took_effect,
    until_equal,
)
from triage_tui.sync import answers
from work_items import Centre, ItemState


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder, clock = tmp_path_factory.mktemp("conflicts"), MovableClock()
    resources = ResourceStore(folder / "fhir.db", clock)
    made = scenarios()
    with in_background(create_app(resources, auth="demo", clock=clock, centre=Centre())) as url:
        server = Server(resources, clock, url)
        put_centre(server, made)
        judge_patients(resources, [one.patient for one in made], clock(), Centre())
        with (
            nurse_at_work(folder, "kari", clock, url) as kari,
            nurse_at_work(folder, "ola", clock, url) as ola,
        ):
            until_equal(kari, ola)
            start(kari, ola, made)
            play(kari, ola, server, made)
            differences = seen_differently(kari, ola, made)
            settle(kari, ola, made)
            yield Played(made, kari, ola, server, differences)
    resources.close()


def test_every_pair_is_played(played: Played) -> None:
    pairs = {(one.mine, one.theirs) for one in played.scenarios}
    assert len(pairs) > 50 and len(played.scenarios) > 200
    assert {one.mine for one in played.scenarios if one.told} == {"take", "takeover", "shelve", "complete"}


def test_both_caches_are_equal_before_and_after_settling(played: Played) -> None:
    assert played.differences == []
    assert seen_differently(played.kari, played.ola, played.scenarios) == []


def test_no_note_and_no_contact_is_lost_and_none_is_doubled(played: Played) -> None:
    on_server: dict[str, list[str]] = {}
    for raw in played.server.all("Communication"):
        who = str(raw["subject"]["reference"]).removeprefix("Patient/")  # type: ignore[index,call-overload]
        on_server.setdefault(who, []).append(str(raw["payload"][0]["contentString"]))  # type: ignore[index,call-overload]
    for raw in played.server.all("ServiceRequest"):
        who = str(raw["subject"]["reference"]).removeprefix("Patient/")
        on_server.setdefault(who, []).append(str(raw["note"][0]["text"]))
    lost = [
        str(one)
        for one in played.scenarios
        if any(on_server.get(one.patient, []).count(text) != 1 for text in one.written)
    ]
    assert lost == []
    assert sum(len(one.written) for one in played.scenarios) >= 70


def test_nothing_is_left_waiting_or_parked(played: Played) -> None:
    left = [
        (row.patient, row.state, row.answer)
        for console in (played.kari, played.ola)
        for row in console.store.outbox()
        if row.state != "conflict"
    ]
    assert left == []


def test_an_item_has_an_owner_while_somebody_works_on_it_and_none_while_nobody_does(played: Played) -> None:
    odd = [
        f"{one}: {item.state.value} {item.owner}"
        for one in played.scenarios
        for item in one.settled
        if (item.state in (ItemState.IN_PROGRESS, ItemState.ON_HOLD)) != (item.owner is not None)
        and item.state.is_open
    ]
    assert odd == []


def test_kari_is_told_in_words_exactly_where_her_act_did_not_hold(played: Played) -> None:
    wrong = [
        f"{one}: told {one.told}, is {one.latest.state.value} with {one.latest.owner}"
        for one in played.scenarios
        if one.refused is None and took_effect(one, one.latest) == bool(one.told)
    ]
    assert wrong == []
    unknown = [
        told for one in played.scenarios for told in one.told if answers.read(told).message_id == "{answer}"
    ]
    assert unknown == []


def test_online_she_is_told_before_she_acts(played: Played) -> None:
    assert [str(one) for one in played.scenarios if one.online and one.told] == []


def test_what_got_worse_is_neither_completed_nor_put_off_unseen(played: Played) -> None:
    worse = [one for one in played.scenarios if one.theirs == WORSE and not one.online]
    silent = [
        str(one)
        for one in worse
        if one.mine in ("complete", "shelve")
        and one.refused is None
        and not any(answers.read(told).message_id == answers.WORSE for told in one.told)
    ]
    assert silent == []
    assert all(one.latest.owner == KARI for one in worse if one.mine == "take" and one.refused is None)


def test_keeping_theirs_leaves_the_item_as_it_was(played: Played) -> None:
    chosen = [one for one in played.scenarios if one.told and one.settle == "keep-theirs"]
    assert len(chosen) > 15
    assert [str(one) for one in chosen if one.settled != one.after or one.not_settled] == []


def test_keeping_mine_does_the_act_to_what_the_item_is_now(played: Played) -> None:
    chosen = [one for one in played.scenarios if one.told and one.settle == "keep-mine"]
    assert len(chosen) > 15
    refused = {(one.mine, one.theirs) for one in chosen if one.not_settled}
    assert refused == {("complete", WORSE), ("shelve", WORSE)}  # red now: the rules ask for a contact
    held = [one for one in chosen if not one.not_settled]
    assert [str(one) for one in held if not took_effect(one, newest(one.settled))] == []
    left = {str(row.patient) for row in played.kari.store.outbox()}
    assert left == {one.patient for one in chosen if one.not_settled}


def test_keeping_mine_of_what_was_closed_reopens_it_as_a_part_of_the_old(played: Played) -> None:
    chosen = [
        one
        for one in played.scenarios
        if one.told and one.settle == "keep-mine" and one.theirs == "complete" and not one.not_settled
    ]
    assert chosen
    for one in chosen:
        new = newest(one.settled)
        assert (new.follows, new.earlier_outcome) == (one.task, OUTCOMES["ola"]), str(one)
        old = next(item for item in one.settled if item.task == one.task)
        assert (old.state, old.outcome) == (ItemState.COMPLETED, OUTCOMES["ola"])
