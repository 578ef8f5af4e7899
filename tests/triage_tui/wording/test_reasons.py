"""Why an item was raised and why a row is where it is, in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from threshold_engine.model import Because, Change, Episode, Level, Share
from triage_tui.wording import reason, use_language, why
from triage_tui.wording.explain import why_first
from work_items.model import Band, Item, ItemCode, Mark, Row

M = 1_000_000
MINUTE = 60_000
DAY = 24 * 60 * MINUTE
NOW = int(datetime(2026, 3, 3, 8, 28, tzinfo=UTC).timestamp()) * 1000

EPISODE = Episode("e", "p", "r", NOW, Level.RED, Level.RED, None, None, (Change(NOW, Level.RED, "x"),))
ITEM = Item(
    task="t",
    patient="p",
    code=ItemCode.ALERT,
    what="e",
    band=Band.RED,
    raised=NOW,
    respond_by=NOW + 12 * MINUTE,
    episode=EPISODE,
    kind="limit",
)
SPO2 = Because(
    at=NOW,
    level=Level.RED,
    kind="limit",
    codes=("spo2",),
    direction="below",
    limit=88 * M,
    measured=86 * M,
    beyond=2,
    need=2,
    of=3,
    readings=(("a", NOW - 13 * 60 * MINUTE, 87 * M), ("b", NOW - 37 * MINUTE, 86 * M)),
)


def because(kind: str, code: str, **more: object) -> Because:
    plain = Because(at=NOW, level=Level.RED, kind=kind, codes=(code,))
    return replace(plain, **more)  # type: ignore[arg-type]


def row(*items: Item) -> Row:
    first = items[0]
    return Row(1, "p", first.band, True, first.respond_by, first.respond_by < NOW, None, items)


KINDS = [
    (SPO2, "SpO₂ 86 % under 88 (2 av 3)", "SpO₂ 86 % under 88 (2 of 3)"),
    (
        because("limit", "pulse", direction="above", limit=110 * M, measured=112 * M, beyond=1, need=1, of=1),
        "Puls 112 over 110",
        "Pulse 112 over 110",
    ),
    (
        because(
            "change",
            "weight",
            direction="rise",
            limit=2 * M,
            measured=2_600_000,
            readings=(("a", NOW - 3 * DAY, 80 * M), ("b", NOW, 82_600_000)),
        ),
        "Vekt +2,6 kg på 3 d (grense 2,0)",
        "Weight +2.6 kg in 3 d (limit 2.0)",
    ),
    (
        because("change", "weight", direction="fall", limit=2 * M, measured=2_100_000),
        "Vekt −2,1 kg (grense 2,0)",
        "Weight −2.1 kg (limit 2.0)",
    ),
    (
        because("average", "bp_sys", direction="above", limit=135 * M, measured=138_333_333),
        "Overtrykk, snitt 138 mmHg over 135",
        "Systolic BP, average 138 mmHg over 135",
    ),
    (
        because("missing", "weight", since=NOW - 3 * DAY - 138 * MINUTE),
        "Ingen måling siden lørdag 07:10 (vekt)",
        "No reading since Saturday 07:10 (weight)",
    ),
    (because("score", "pulse", limit=7 * M, measured=8 * M), "NEWS2 8 (grense 7)", "NEWS2 8 (limit 7)"),
    (
        because("score", "pulse", limit=5 * M, measured=3 * M),
        "NEWS2 3, ett mål gir 3",
        "NEWS2 3, one measure gives 3",
    ),
    (because("points", "pulse", limit=4 * M, measured=5 * M), "Poeng 5 (grense 4)", "Points 5 (limit 4)"),
    (
        replace(
            because("points", "pulse", limit=3 * M, measured=5 * M, beyond=2, need=2, of=3),
            shares=(
                Share("pulse", 104 * M, 1, 82 * M),
                Share("spo2", 86 * M, 3, 91 * M),
                Share("spo2", 86 * M, 1),
            ),
        ),
        "5 poeng: SpO₂ 86 % er 5 under det vanlige, puls 104 er 22 over (2 av 3)",
        "5 points: SpO₂ 86 % is 5 under the usual, pulse 104 is 22 over (2 of 3)",
    ),
    (
        replace(
            because("points", "temperature", limit=M, measured=M),
            shares=(Share("temperature", 38_200_000, 1),),
        ),
        "1 poeng: Temp. 38,2 °C",
        "1 point: Temperature 38.2 °C",
    ),
    (
        replace(
            because("points", "weight", limit=4 * M, measured=7 * M),
            shares=(
                Share("copd-daily/breathlessness", True, 1),
                Share("weight", 82_300_000, 3, 80 * M),
                Share("pulse", 104 * M, 2, 82 * M),
                Share("resp_rate", 22 * M, 1, 16 * M),
            ),
        ),
        "7 poeng: Vekt 82,3 kg er 2,3 over det vanlige, puls 104 er 22 over, tungpust …",
        "7 points: Weight 82.3 kg is 2.3 over the usual, pulse 104 is 22 over, more breathless …",
    ),
    (
        because("answer", "pregnancy-daily/headache", measured=True),
        "Svarte: Hodepine",
        "Answered: Headache",
    ),
    (
        because("answer", "phq9_9", measured=2 * M),
        "Svarte: PHQ-9 spørsmål 9: 2",
        "Answered: PHQ-9 question 9: 2",
    ),
    (
        because("answer", "wants_consultation", measured=True),
        "Svarte: Ønsker konsultasjon",
        "Answered: Wants a consultation",
    ),
    (
        replace(because("count", "breathlessness", measured=2 * M, of=3), codes=("breathlessness", "sputum")),
        "Forverring: 2 av 3 (tungpust, oppspytt)",
        "Worsening: 2 of 3 (more breathless, more sputum)",
    ),
    (
        because("implausible", "weight", measured=8 * M),
        "Vekt 8,0 kg: måling som ikke kan stemme",
        "Weight 8.0 kg: reading that can't be right",
    ),
    (
        because("limit", "odd_code", direction="below", limit=5 * M, measured=4 * M),
        "Odd code 4 under 5",
        "Odd code 4 under 5",
    ),
]


@pytest.mark.parametrize(("told", "nb", "en"), KINDS, ids=[f"{told.kind}-{nb}" for told, nb, _en in KINDS])
def test_each_kind_of_rule_has_its_words(told: Because, nb: str, en: str) -> None:
    assert reason(ITEM, told, NOW) == nb
    use_language("en")
    assert reason(ITEM, told, NOW) == en


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"episode": replace(EPISODE, level=Level.YELLOW)}, "nå gul"),
        (
            {"episode": replace(EPISODE, level=Level.GREEN, cleared=NOW, reason="reading")},
            "tilbake til grønt",
        ),
        ({"marks": frozenset({Mark.WITHDRAWN})}, "varselet er trukket"),
        ({"marks": frozenset({Mark.AGAIN})}, "igjen"),
        ({"marks": frozenset({Mark.REPEATED})}, "gjentatt"),
    ],
)
def test_what_became_of_it_is_said(change: dict[str, object], said: str) -> None:
    item = replace(ITEM, **change)  # type: ignore[arg-type]
    assert reason(item, SPO2, NOW) == f"SpO₂ 86 % under 88 (2 av 3), {said}"


def test_what_only_this_console_has_found_is_marked() -> None:
    use_language("nb")
    assert reason(replace(ITEM, local=True), SPO2, NOW).endswith(", lokalt, ikke hos serveren ennå")


def test_a_wait_is_only_known_to_be_in_vain_up_to_the_last_sync() -> None:
    use_language("nb")
    missing = replace(ITEM, code=ItemCode.MISSING, kind="missing", band=Band.BLUE)
    told = because("missing", "spo2", since=NOW - 2 * DAY)
    asked = NOW - 3 * 60 * MINUTE

    assert reason(missing, told, NOW, asked) == "Ingen måling siden søndag 09:28, ukjent siden 06:28"
    assert "ukjent siden 06:28" in why_first(row(missing), {"t": told}, NOW, asked)
    assert "ukjent" not in reason(missing, told, NOW, NOW - 14 * MINUTE)
    assert "ukjent" not in reason(ITEM, SPO2, NOW, asked)


def test_an_impossible_value_asks_for_another_measurement() -> None:
    item = replace(ITEM, code=ItemCode.TECHNICAL, marks=frozenset({Mark.IMPOSSIBLE_VALUE}))
    told = because("implausible", "spo2", measured=45 * M)
    assert reason(item, told, NOW) == "SpO₂ 45 %: umulig verdi, mål på nytt"


@pytest.mark.parametrize(
    ("code", "marks", "said"),
    [
        (ItemCode.TECHNICAL, {Mark.NO_VALID_PLAN}, "ingen gyldig plan"),
        (ItemCode.TECHNICAL, {Mark.JUDGE_FAILED}, "vurderingen feilet: se på målingene selv"),
        (ItemCode.TECHNICAL, {Mark.UNUSABLE_TIME}, "Måling med ubrukelig tidspunkt"),
        (ItemCode.MESSAGE, set(), "Melding fra pasienten"),
        (ItemCode.GP_OVERDUE, set(), "Fastlegen har ikke svart: ring legekontoret, eller 116 117"),
        (ItemCode.FOLLOW_UP, set(), "Avtalt oppfølging"),
    ],
)
def test_items_without_an_episode_have_their_words(code: ItemCode, marks: set[Mark], said: str) -> None:
    item = replace(ITEM, code=code, episode=None, kind=None, marks=frozenset(marks))
    assert reason(item, None, NOW) == said


def test_why_says_band_reason_deadline_and_count() -> None:
    told = why(row(ITEM, replace(ITEM, task="u")), {"t": SPO2}, NOW)
    assert told == "RØD · SpO₂ 86 % under 88 (2 av 3) · frist 09:40, om 12 min · 2 varsler"
    use_language("en")
    told = why(row(ITEM, replace(ITEM, task="u")), {"t": SPO2}, NOW)
    assert told == "RED · SpO₂ 86 % under 88 (2 of 3) · due 09:40, in 12 min · 2 alerts"


def test_the_pane_tells_the_readings_behind_a_limit() -> None:
    overdue = replace(ITEM, respond_by=NOW - 10 * MINUTE)
    assert why_first(row(overdue), {"t": SPO2}, NOW) == (
        "RØD fordi: SpO₂ var 86 % kl. 08:51 og 87 % i går 20:28, under 88 i 2 av 3. "
        "Frist 09:18, passert med 10 min."
    )


def test_text_from_outside_is_cleaned_on_its_way_into_a_reason() -> None:
    told = because("answer", "x\x1b[2J", measured="yes\x1b]0;x\x07")
    assert "\x1b" not in reason(ITEM, told, NOW)
