"""What `triage show` prints of the tabs beside the readings: forms, plan, timeline, messages, pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from triage_tui.chart.form_words import form_story, unanswered
from triage_tui.chart.plan_words import plan_story
from triage_tui.chart.thread_words import picture_size, picture_title, picture_when, thread_story
from triage_tui.chart.timeline_words import timeline_lines
from triage_tui.wording import _, clean

if TYPE_CHECKING:
    from local_store.views import PatientView
    from threshold_engine.model import Instant
    from triage_tui.chart.views import Chart, Picture

_FORMS = 10
_MESSAGES = 15
_TIMELINE = 30


def chart_sections(view: PatientView, chart: Chart, now: Instant) -> Iterator[tuple[str, list[str]]]:
    """Title and lines of each section."""
    if chart.namesakes:
        yield _("Look twice: names like hers"), [clean(name) for name in chart.namesakes]
    yield _("Plan in full"), list(plan_story(view, chart.plans, now))
    yield _("Forms"), [*unanswered(view, now), *form_story(chart.forms, now, _FORMS)]
    yield _("Messages"), list(thread_story(chart.thread, now, _MESSAGES))
    yield _("Pictures"), [_picture_line(one, now) for one in chart.pictures]
    lines = timeline_lines(view, chart, now)
    yield _("Timeline"), [line.text for line in lines[:_TIMELINE]]


def _picture_line(picture: Picture, now: Instant) -> str:
    parts = [picture_when(picture, now), picture_title(picture), picture_size(picture)]
    return " · ".join(part for part in parts if part)
