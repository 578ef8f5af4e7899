"""Forms, plan, messages and pictures of a made-up patient. Not a test file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from local_store.views import Pause
from threshold_engine import read_plan
from triage_tui.chart.views import (
    AnsweredForm,
    Approved,
    Chart,
    EscalationState,
    FormAnswer,
    Picture,
    PlanHistory,
    ThreadMessage,
)

MILLION = 1_000_000


def _at(text: str) -> int:
    local = datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    return int((local - timedelta(hours=1)).timestamp()) * 1000


def symptom_form(day: str, breath: str, sputum: str) -> AnsweredForm:
    """A COPD patient's daily form."""
    return AnsweredForm(
        f"QuestionnaireResponse/{day}",
        "copd-daily",
        "Pust og oppspytt",
        _at(f"{day} 08:20"),
        "completed",
        (
            FormAnswer("breathlessness", "Hvor tungpust er du?", (breath,)),
            FormAnswer("sputum-volume", "Hvor mye oppspytt har du?", (sputum,)),
        ),
    )


def prom(day: str, *, wanted: bool) -> AnsweredForm:
    """A form that asks whether a consultation is wanted."""
    return AnsweredForm(
        f"QuestionnaireResponse/prom-{day}",
        "wrist-fracture",
        "Håndleddet ditt",
        _at(f"{day} 12:00"),
        "completed",
        (
            FormAnswer("wants-consultation", "Ønsker du en konsultasjon?", (wanted,)),
            FormAnswer("pain", "Hvor vondt har du, fra 0 til 10?", (4 * MILLION,)),
            FormAnswer("where", "Hvor gjør det vondt?", ("Tommel", "Håndledd")),
            FormAnswer("why", "Noe mer?", ()),
        ),
        "wanted" if wanted else "not-wanted",
    )


def plan_versions() -> PlanHistory:
    """A plan whose second version is tighter, with a pause behind it and one that stands."""

    def version(number: int, day: str, red: int) -> dict[str, object]:
        return {
            "version": number,
            "valid_from": f"{day}T11:00:00Z",
            "rules": [
                {
                    "id": "spo2-low",
                    "kind": "limit",
                    "code": "spo2",
                    "yellow_below": red + 4,
                    "red_below": red,
                    "need": 2,
                    "of": 3,
                },
                {"id": "pulse-high", "kind": "limit", "code": "pulse", "yellow_above": 110},
                {
                    "id": "daily",
                    "kind": "missing",
                    "codes": ["spo2", "pulse"],
                    "every": "P1D",
                    "grace": "PT12H",
                },
            ],
        }

    plan = read_plan(
        {
            "patient": "p1",
            "versions": [version(3, "2026-01-02", 86), version(4, "2026-02-28", 88)],
            "pauses": [
                {"from": "2026-01-10T00:00:00Z", "to": "2026-01-14T00:00:00Z"},
                {"from": "2026-03-01T08:00:00Z"},
            ],
        }
    )
    approvals = {
        3: Approved("Berg, Storslett", _at("2026-01-02 12:00")),
        4: Approved("Berg, Storslett", _at("2026-02-28 12:00")),
    }
    told = Pause(_at("2026-03-01 09:00"), None, "innlagt UNN", "Ola Hansen", _at("2026-03-01 09:05"))
    return PlanHistory(plan, approvals, (told,), ("Lavere grense for SpO₂",))


def made_up_chart() -> Chart:
    """Something of everything."""
    return Chart(
        forms=(
            symptom_form("2026-03-03", "Mer enn vanlig", "Mer enn vanlig"),
            symptom_form("2026-03-02", "Mer enn vanlig", "Som vanlig"),
            prom("2026-03-01", wanted=True),
            symptom_form("2026-03-01", "Som vanlig", "Som vanlig"),
            prom("2026-02-01", wanted=False),
        ),
        plans=plan_versions(),
        thread=(
            ThreadMessage(
                "m3",
                _at("2026-03-03 07:05"),
                True,
                "Hansen, Nils",
                "Jeg er mer tungpust i dag. Skal jeg ta en ekstra dose?",
                "app",
                ("inhalator.jpg",),
                task="task-m3",
                unread=True,
            ),
            ThreadMessage("m2", _at("2026-03-01 12:10"), False, "Ola Hansen", "Vi ringer i morgen.", "app"),
            ThreadMessage(
                "m1",
                _at("2026-03-01 09:00"),
                True,
                "Hansen, Nils",
                "Får ikke målingen til å virke.",
                "sms",
                opened_at=_at("2026-03-01 12:02"),
            ),
        ),
        escalations={"e1": EscalationState("gp", "Berg", "answered")},
        pictures=(
            Picture(
                "Media/1",
                _at("2026-03-02 14:00"),
                "Bilde av såret",
                "Fot",
                "image/png",
                "Binary/1",
                1168,
                (64, 48),
            ),
            Picture("Media/2", _at("2026-02-20 14:00"), "", "", "image/jpeg", "Binary/2", None, None),
        ),
    )
