from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from threshold_engine import Change, Episode, Level
from work_items import (
    Band,
    ItemState,
    Match,
    Merge,
    Outcome,
    Published,
    Raise,
    Withdraw,
    match_published,
    task_uuid,
)

if TYPE_CHECKING:
    from conftest import Patient


def episode(name: str, onset: int, cleared: int | None = None, rule: str = "r") -> Episode:
    changes = (Change(onset, Level.YELLOW, None),)
    if cleared is not None:
        changes += (Change(cleared, Level.GREEN, None),)
    reason = None if cleared is None else "reading"
    return Episode(name, "p1", rule, onset, Level.YELLOW, Level.YELLOW, cleared, reason, changes)  # type: ignore[arg-type]


def identities(published: list[Episode], computed: list[Episode]) -> dict[str, str | None]:
    matching = match_published([Published(one) for one in published], computed)
    return {m.computed.id: m.keeps.episode.id if m.keeps else None for m in matching.matches}


def test_what_overlaps_is_the_same_alert() -> None:
    assert identities([episode("p", 10)], [episode("c", 5)]) == {"c": "p"}


def test_intervals_are_half_open() -> None:
    assert identities([episode("p", 10, 20)], [episode("c", 20)]) == {"c": None}
    assert identities([episode("p", 20)], [episode("c", 10, 20)]) == {"c": None}
    assert identities([episode("p", 19)], [episode("c", 10, 20)]) == {"c": "p"}


def test_another_rule_is_another_alert() -> None:
    assert identities([episode("p", 10)], [episode("c", 10, rule="other")]) == {"c": None}


def test_the_earliest_part_of_a_split_alert_keeps_it() -> None:
    assert identities([episode("p", 10)], [episode("late", 30), episode("early", 10, 20)]) == {
        "late": None,
        "early": "p",
    }


def test_of_two_that_are_the_same_the_earlier_then_the_smaller_stays() -> None:
    earlier, later = Published(episode("z", 10, 15)), Published(episode("a", 20))
    whole = episode("c", 5)

    assert match_published([later, earlier], [whole]).matches == (Match(whole, earlier, (later,)),)

    first, second = Published(episode("a", 10)), Published(episode("b", 10, 30))
    assert match_published([second, first], [whole]).matches == (Match(whole, first, (second,)),)


def test_what_nothing_stands_for_is_undone() -> None:
    gone = Published(episode("p", 10, 20))

    assert match_published([gone], [episode("c", 30)]).undone == (gone,)


def test_an_undone_one_comes_back_only_under_its_own_name() -> None:
    undone = Published(episode("p", 10), undone=True)

    assert match_published([undone], [episode("c", 10)]).matches[0].keeps is None
    assert match_published([undone], [episode("p", 10)]).matches[0].keeps == undone


def test_what_reaches_back_beyond_the_readings_at_hand_binds_as_published() -> None:
    old = Published(episode("p", 10))

    matching = match_published([old], [episode("c", 50)], complete_since=40)

    assert (matching.matches, matching.undone, matching.kept) == ((), (), (old,))


def test_a_kept_name_is_not_shared_when_its_onset_moves_back() -> None:
    # Published as "x" from onset 8, later known to begin at 7, and now split into 7 to 7.5 and 8 on.
    moved = episode("x", 70)

    assert identities([moved], [episode("y", 70, 75), episode("x", 80)]) == {"y": None, "x": "x"}


def test_a_late_reading_before_the_onset_keeps_the_alert(patient: Patient) -> None:
    patient.spo2()
    patient.read(88, "09:00")
    patient.judge("09:00")
    name = patient.item.what

    patient.read(88, "08:00", received="10:00")
    patient.judge("10:00")

    assert patient.item.what == name
    assert patient.item.episode is not None
    assert patient.item.episode.onset == patient.work.episodes[0].onset
    assert patient.work.episodes[0].id != name


def two_that_become_one(patient: Patient) -> str:
    """Two alerts with a wrong reading in between; answers its id."""
    patient.spo2()
    patient.read(84, "08:00")
    patient.judge("08:00")
    wrong = patient.read(95, "09:00")
    patient.judge("09:00")
    patient.read(84, "10:00")
    patient.judge("10:00")
    assert len(patient.open_items) == 2
    return wrong


def test_the_other_ones_owner_moves_over(patient: Patient) -> None:
    wrong = two_that_become_one(patient)
    first, second = patient.items
    patient.take(second, "10:05")
    patient.retract(wrong)

    decisions = patient.judge("11:00")

    (item,) = patient.open_items
    assert (item.task, item.owner, item.state) == (first.task, "Practitioner/kari", ItemState.IN_PROGRESS)
    assert item.absorbed == {second.task}
    assert [type(one) for one in decisions][:2] == [Merge, Withdraw]
    assert patient.work.published[1].same_as == first.what


def test_the_other_ones_outcome_moves_over(patient: Patient) -> None:
    wrong = two_that_become_one(patient)
    first, second = patient.items
    patient.complete(second, "10:30", Outcome.ADVICE_GIVEN)
    patient.retract(wrong)

    patient.judge("11:00")

    assert patient.open_items == []
    assert patient.items[0].task == first.task
    assert patient.items[0].outcome == "advice-given"


def test_what_another_nurse_has_in_hand_is_not_closed_for_her(patient: Patient) -> None:
    wrong = two_that_become_one(patient)
    first, second = patient.items
    patient.take(first, "10:05", owner="Practitioner/ola")
    patient.take(second, "10:05")
    patient.complete(patient.newest, "10:30", Outcome.ADVICE_GIVEN)
    patient.retract(wrong)

    patient.judge("11:00")

    (item,) = patient.open_items
    assert (item.task, item.owner) == (first.task, "Practitioner/ola")


def test_open_work_goes_on_where_the_kept_alert_was_closed(patient: Patient) -> None:
    wrong = two_that_become_one(patient)
    first, second = patient.items
    patient.complete(first, "09:30")
    patient.take(second, "10:05")
    patient.retract(wrong)

    decisions = patient.judge("11:00")

    (item,) = patient.open_items
    assert (item.task, item.owner, item.band) == (
        task_uuid(first.what, 2),
        "Practitioner/kari",
        Band.RED,
    )
    assert isinstance(decisions[0], Raise)


def test_an_alert_closed_under_the_other_name_stays_closed(patient: Patient) -> None:
    patient.spo2()
    patient.read(88, "08:00")
    wrong = patient.read(95, "09:00")
    patient.judge("09:00")
    patient.read(88, "10:00")
    patient.judge("10:00")
    patient.complete(patient.item, "10:30", Outcome.NO_ACTION)
    patient.retract(wrong)

    patient.judge("11:00")

    assert patient.open_items == []
    assert [one.undone for one in patient.work.published] == [False, True]


def test_two_names_for_one_alert_by_two_machines_become_one(patient: Patient) -> None:
    patient.spo2()
    patient.read(88, "08:00")
    patient.judge("08:00")
    server = patient.work.published[0]
    other = Published(replace(server.episode, id="00000000-0000-4000-8000-000000000000"))
    patient.work = replace(patient.work, published=(server, other))

    patient.judge("08:10")

    assert [(one.episode.id, one.undone) for one in patient.work.published if not one.undone] == [
        (other.episode.id, False)
    ]
    (item,) = patient.open_items
    assert item.what == other.episode.id
