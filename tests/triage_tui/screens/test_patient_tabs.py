"""The seven tabs of the patient's page: what each tells, what it says where there is nothing."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image
from practice_centre import DAY, HOUR, NOW, PracticeSession, nils, queue
from quiet import until

from triage_tui.app import TriageApp
from triage_tui.chart.views import Chart
from triage_tui.screens.patient_screen import PatientScreen
from triage_tui.screens.session import SessionError

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
TABS = "1234567"
NAMES = ("oversikt", "målinger", "skjema", "plan", "tidslinje", "meldinger", "bilder")


@pytest.fixture
def opened(settle, text_of):
    """What stands on the screen after opening the first patient and pressing some keys."""

    async def show(app: TriageApp, *keys: str, size: tuple[int, int] = (120, 36)) -> str:
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            for key in ("enter", *keys):
                await pilot.press(key)
                await settle(pilot)
            return text_of(app)

    return show


@pytest.fixture
def walked(settle, text_of):
    """What stands on the screen on each tab of the first patient."""

    async def show(app: TriageApp, size: tuple[int, int] = (120, 36)) -> dict[str, str]:
        shown = {}
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            await pilot.press("enter")
            await settle(pilot)
            for tab in TABS:
                await pilot.press(tab)
                await settle(pilot)
                shown[tab] = text_of(app)
        return shown

    return show


def png(width: int = 8, height: int = 6) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(out, "PNG")
    return out.getvalue()


@SIZES
async def test_who_it_is_and_all_seven_tabs_stand_on_every_tab(walked, app, size: tuple[int, int]) -> None:
    for shown in (await walked(app, size)).values():
        head, _facts, tabs = shown.splitlines()[:3]
        assert "HANSEN, Nils · 72 år · 13.01.1954 · …216" in head
        assert "synk 09:27" in head
        named = tabs.split()
        for key, name in zip(TABS, NAMES, strict=True):
            assert named[named.index(key) + 1] == name


async def test_an_empty_tab_says_so_in_words(walked, session: PracticeSession) -> None:
    read = session.patient

    def bare(patient_id: str, days: int):
        return replace(read(patient_id, days), readings=(), timeline=(), items=(), plan=None, limits={})

    session.patient = bare
    session.charts = {"p1": Chart()}
    shown = await walked(TriageApp(lambda: session))
    for tab, words in {
        "1": "ingen målinger ennå",
        "2": "ingen målinger",
        "3": "Ingen skjema er besvart.",
        "4": "Ingen gyldig plan.",
        "5": "Ingenting er gjort ennå.",
        "6": "Ingen meldinger til eller fra pasienten.",
        "7": "Pasienten har ikke sendt bilder.",
    }.items():
        assert words in shown[tab]


class TestReadings:
    """2."""

    async def test_values_have_units_arrows_and_the_limit_they_are_beyond(self, opened, app) -> None:
        shown = await opened(app, "2")
        assert "87 % ↓ under 88, rød" in shown
        assert "111 ↑ over 110, gul" in shown
        assert "37,9 °C" in shown

    async def test_odd_readings_are_marked_and_not_hidden(self, opened, session) -> None:
        read = session.patient

        def odd(patient_id: str, days: int):
            view = read(patient_id, days)
            first, second, third, *rest = view.readings
            lab = replace(
                third, id="lab", code="loinc.org|1988-5", display="CRP", unit="mg/L", comparator=">"
            )
            marked = (
                replace(first, status="entered-in-error"),
                replace(second, plausible=False),
                replace(third, status="corrected"),
                lab,
            )
            return replace(view, readings=(*marked, *rest))

        session.patient = odd
        shown = await opened(TriageApp(lambda: session), "2")
        for words in ("feil, ikke brukt", "usannsynlig", "rettet", "CRP", "> 37,9 mg/L"):
            assert words in shown

    async def test_the_plot_follows_the_cursor_and_reads_the_value_off(self, app, settle, text_of) -> None:
        async with app.run_test(size=(120, 36)) as pilot:
            await settle(pilot)
            await pilot.press("enter", "2")
            await settle(pilot)
            assert "▸ 08:51 87 %, gul under 92 %, rød under 88 %" in text_of(app)
            await pilot.press("down")
            await settle(pilot)
            assert "Puls /min · 30 dager · ▸ 08:31 96, gul over 110, rød over 130" in text_of(app)
            assert isinstance(app.screen, PatientScreen)
            assert app.screen.selected_reading is not None
            assert app.screen.selected_reading.code == "pulse"

    async def test_no_reading_is_selected_where_none_is_seen(self, app, settle) -> None:
        async with app.run_test(size=(120, 36)) as pilot:
            await settle(pilot)
            await pilot.press("enter")
            await settle(pilot)
            assert isinstance(app.screen, PatientScreen)
            assert app.screen.selected_reading is None
            await pilot.press("T")
            await settle(pilot)
            assert app.screen.selected_reading is None

    async def test_filtering_leaves_the_measure_under_the_cursor(self, opened, app) -> None:
        lines = (await opened(app, "2", "down", "F")).splitlines()
        start = next(i for i, line in enumerate(lines) if "målinger · Puls" in line)
        assert all("Puls" in line for line in lines[start + 1 : -1] if line.strip())

    async def test_measures_are_stacked_on_one_axis(self, opened, app) -> None:
        shown = await opened(app, "S")
        for title in ("SpO₂ % · 30 dager", "Puls /min · 30 dager", "Temp. °C", "Vekt kg"):
            assert title in shown
        assert shown.count("└") == 1

    async def test_the_table_says_what_the_plot_shows_limits_too(self, opened, app) -> None:
        shown = await opened(app, "T")
        assert "grenser fra 21.02.2026: gul under 92 %, rød under 88 %" in shown
        assert "grenser fra 02.01.2026: gul under 90 %, rød under 86 %" in shown
        assert "under 88, rød" in shown
        assert "45 09:31 usannsynlig" in shown


class TestForms:
    """3."""

    async def test_answers_stand_with_the_earlier_ones(self, opened, app) -> None:
        shown = await opened(app, "3")
        assert "Hvor tungpust er du?" in shown
        assert "før: Mer enn vanlig (i går), Som vanlig (søndag)" in shown
        assert "Håndleddet ditt, ønsker konsultasjon" in shown
        assert "Håndleddet ditt, ønsker ikke konsultasjon" in shown

    async def test_the_answers_follow_the_cursor(self, opened, app) -> None:
        shown = await opened(app, "3", "down", "down")
        assert "Tommel, Håndledd" in shown
        assert "Ønsker du en konsultasjon?" in shown

    async def test_a_form_that_is_missing_is_told_above(self, opened, session) -> None:
        first = nils()
        gone = replace(first.row.items[0], kind="missing")
        told = replace(
            first.because[gone.task], kind="missing", codes=("wrist-fracture/pain",), since=NOW - 3 * DAY
        )
        row = replace(first.row, items=(gone,))
        session.view = queue([replace(first, row=row, because={gone.task: told})])
        assert "! Ikke besvart i tide: Wrist fracture/pain" in await opened(TriageApp(lambda: session), "3")


class TestPlan:
    """4."""

    async def test_who_drew_it_up_who_approved_it_versions_and_pauses(self, opened, app) -> None:
        shown = await opened(app, "4")
        for words in (
            "versjon 4 · laget av Kari Nordmann · godkjent av Berg, Storslett 28.02.2026",
            "Et forslag venter på fastlegens godkjenning: Lavere grense for SpO₂",
            "på pause fra søndag 09:00, uten slutt: innlagt UNN (Ola Hansen)",
            "puls, SpO₂: hver 1 d",
            "versjon 3: fra 02.01.2026, godkjent av Berg, Storslett 02.01.2026",
        ):
            assert words in shown

    async def test_the_newest_versions_stand_side_by_side_what_differs_first(self, opened, app) -> None:
        lines = (await opened(app, "4", size=(160, 50))).splitlines()
        start = next(i for i, line in enumerate(lines) if "versjon 3 og versjon 4" in line)
        assert lines[start + 1].startswith(" ≠ oksygenmetning (SpO₂): gul under 90 %, rød under 86 %")
        assert "│ oksygenmetning (SpO₂): gul under 92 %, rød under 88 %" in lines[start + 1]
        assert "≠" not in lines[start + 2]


class TestMessages:
    """6."""

    async def test_unread_ones_are_counted_on_the_tab_and_marked(self, opened, app) -> None:
        shown = await opened(app, "6")
        assert "6 meldinger (1)" in shown
        assert "07:05 · pasienten · app · ULEST" in shown
        assert "vedlegg: inhalator.jpg" in shown
        assert "søndag 12:10 · Ola Hansen · app" in shown
        assert "SMS · åpnet søndag 12:02" in shown

    async def test_looking_at_the_thread_opens_its_messages_once(self, opened, app, session) -> None:
        await opened(app, "6", "5", "6")
        assert session.acts == [("open", "p1")]

    async def test_who_is_not_logged_in_opens_nothing(self, opened, session) -> None:
        session.whoami = lambda: None
        await opened(TriageApp(lambda: session), "6")
        assert session.acts == []


class TestPictures:
    """7."""

    async def test_pictures_are_listed_with_their_dates_and_none_is_fetched(self, opened, app) -> None:
        shown = await opened(app, "7")
        assert "i går 14:00    Bilde av såret · Fot · 64 × 48, 1 kB" in shown
        assert "bilde uten tittel" in shown

    async def test_one_is_drawn_in_half_blocks_when_it_is_opened(
        self, opened, app, session, monkeypatch
    ) -> None:
        monkeypatch.setenv("TRIAGE_PICTURES", "blocks")
        asked: list[tuple[str, str]] = []

        def picture(patient: str, url: str) -> bytes:
            asked.append((patient, url))
            return png()

        session.picture = picture
        shown = await opened(app, "7", "enter")
        assert asked == [("p1", "Binary/1")]
        assert "▀▀▀▀" in shown

    async def test_a_terminal_that_cannot_is_told_where_to_look(
        self, opened, app, session, monkeypatch
    ) -> None:
        monkeypatch.setenv("TRIAGE_PICTURES", "none")
        session.picture = lambda _patient, _url: png()
        assert "Denne terminalen kan ikke vise bilder: åpne i visning." in await opened(app, "7", "enter")

    async def test_what_is_no_picture_is_refused_in_words(self, opened, app, session) -> None:
        session.picture = lambda _patient, _url: b"<svg onload=alert(1)>"
        shown = await opened(app, "7", "enter")
        assert "Dette er ikke et bilde som kan vises, eller det er skadet." in shown

    async def test_without_a_link_it_says_so(self, opened, app, session) -> None:
        def unreachable(_patient: str, _url: str) -> bytes:
            raise SessionError("Serveren er ikke å nå [/x]")

        session.picture = unreachable
        assert "Serveren er ikke å nå [/x]" in await opened(app, "7", "enter")


async def test_a_namesake_is_warned_of(opened, session) -> None:
    session.charts = {"p1": Chart(namesakes=("Hansen, Nils A.", "Hanssen, Nils"))}
    shown = await opened(TriageApp(lambda: session), "2", size=(80, 24))
    assert "! Se to ganger: Hansen, Nils A.; Hanssen, Nils er også pasienter her" in shown


async def test_old_data_say_how_old_on_every_tab(walked, session) -> None:
    session.view = queue(last_sync=NOW - 5 * HOUR)
    read = session.patient
    session.patient = lambda patient, days: replace(read(patient, days), status=session.view.status)
    for shown in (await walked(TriageApp(lambda: session))).values():
        assert "pr. 04:31" in shown.splitlines()[3]


class TestOlder:
    """o."""

    async def test_what_is_older_is_fetched_when_asked_and_a_year_more_each_time(
        self, opened, app, session
    ) -> None:
        shown = await opened(app, "2", "o", "o")
        assert session.older == [("p1", 455), ("p1", 820)]
        assert "Ikke noe eldre innenfor 2 år." in shown

    async def test_without_a_link_it_says_so(self, opened, app, session) -> None:
        def unreachable(_patient: str, _days: int) -> int:
            raise SessionError("Serveren er ikke å nå, og dette finnes bare der.")

        session.fetch_older = unreachable
        assert "Serveren er ikke å nå, og dette finnes bare der." in await opened(app, "o")


class TestNeighbours:
    """F6 and F7."""

    async def test_the_next_whom_no_colleague_has_and_back(self, app, settle, text_of) -> None:
        async with app.run_test(size=(120, 36)) as pilot:
            await settle(pilot)
            await pilot.press("enter")
            await settle(pilot)
            await pilot.press("f6")  # Máret is Ola's
            await until(pilot, lambda: "OLSEN, Kåre" in text_of(app))
            await settle(pilot)
            await pilot.press("f7")
            await until(pilot, lambda: "HANSEN, Nils" in text_of(app))
            await settle(pilot)
            await pilot.press("f7")
            await settle(pilot)
            assert "Ingen andre i køen trenger noen." in text_of(app)

    async def test_esc_leads_to_the_row_of_whoever_was_looked_at(self, app, settle) -> None:
        async with app.run_test(size=(120, 36)) as pilot:
            await settle(pilot)
            for key in ("enter", "f6", "escape"):
                await pilot.press(key)
                await settle(pilot)
            assert app.screen.rows.current.row.patient == "p3"
