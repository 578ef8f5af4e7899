"""The self-treatment plan in words: zones, measures and schedule, versions, approvals, pauses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from threshold_engine.model import Instant
from threshold_engine.plans import Pause, Version
from threshold_engine.rules import MissingRule
from triage_tui.wording import _, clean
from triage_tui.wording.dates import full_date, local_day, when
from triage_tui.wording.rules import rule_words, schedule_words

if TYPE_CHECKING:
    from local_store.views import PatientView, PlanView
    from local_store.views import Pause as Told
    from triage_tui.chart.views import PlanHistory


@dataclass(frozen=True, slots=True)
class RuleInVersions:
    """A rule as two versions of the plan have it; empty where one lacks it."""

    before: str
    now: str

    @property
    def changed(self) -> bool:
        """Whether the versions differ in it."""
        return self.before != self.now


def plan_heading(plan: PlanView) -> str:
    """`Kols · versjon 4 · laget av Kari · godkjent av Berg 28.02.2026`."""
    version = "?" if plan.version is None else plan.version
    parts = [clean(plan.title), _("version {version}").format(version=version)]
    if plan.author:
        parts.append(_("drawn up by {name}").format(name=clean(plan.author)))
    if plan.approved_by:
        words = _("approved by {name}").format(name=clean(plan.approved_by))
        if plan.approved_at is not None:
            words += f" {full_date(local_day(plan.approved_at))}"
        parts.append(words)
    else:
        parts.append(_("not approved by the GP"))
    return " · ".join(part for part in parts if part)


def pause_lines(history: PlanHistory, now: Instant) -> list[str]:
    """Pauses, the newest first; one that stands is said to."""
    pauses = history.plan.pauses if history.plan else ()
    told = {one.start: one for one in history.pauses}
    return [_why(_pause(pause, now), told.get(pause.start)) for pause in reversed(pauses)]


def _why(text: str, told: Told | None) -> str:
    """With the reason and who gave it, where somebody did."""
    if told is None:
        return text
    text = f"{text}: {clean(told.reason)}" if told.reason else text
    return f"{text} ({clean(told.by)})" if told.by else text


def _pause(pause: Pause, now: Instant) -> str:
    start = when(pause.start, now)
    if pause.end is None:
        words = (
            _("paused from {start}, no end set") if pause.start <= now else _("pause planned from {start}")
        )
        return words.format(start=start)
    told = _("paused {start} to {end}").format(start=start, end=when(pause.end, now))
    standing = _("now")
    return f"{told} ({standing})" if pause.start <= now < pause.end else told


def schedule_lines(history: PlanHistory, now: Instant) -> list[str]:
    """What is to be measured how often, by the version in force."""
    version = history.plan.in_force(now) if history.plan else None
    rules = version.rules if version else ()
    return [schedule_words(rule) for rule in rules if isinstance(rule, MissingRule)]


def rule_lines(history: PlanHistory, now: Instant) -> list[str]:
    """The rules of the version in force."""
    version = history.plan.in_force(now) if history.plan else None
    return [rule_words(rule) for rule in version.rules] if version else []


def version_lines(history: PlanHistory, now: Instant) -> list[str]:
    """`versjon 4: fra 28.02.2026, godkjent av Berg 28.02.2026`, newest first."""
    plan = history.plan
    return [_version(one, history, now) for one in reversed(plan.versions)] if plan else []


def _version(version: Version, history: PlanHistory, now: Instant) -> str:
    day = full_date(local_day(version.valid_from))
    words = _("version {version}: from {day}") if version.valid_from <= now else _("version {version}: {day}")
    told = words.format(version=version.version, day=day)
    approval = history.approvals.get(version.version)
    if approval is None:
        return told + ", " + _("not approved by the GP")
    by = _("approved by {name}").format(name=clean(approval.by))
    return f"{told}, {by} {full_date(local_day(approval.at))}"


def compared(history: PlanHistory) -> tuple[Version, Version, list[RuleInVersions]] | None:
    """The two newest versions and their rules side by side, what differs first; none where there is one."""
    plan = history.plan
    if plan is None or len(plan.versions) < 2:
        return None
    before, now = plan.versions[-2:]
    old = {rule.id: rule for rule in before.rules}
    new = {rule.id: rule for rule in now.rules}
    rows = [
        RuleInVersions(
            rule_words(old[rule]) if rule in old else "", rule_words(new[rule]) if rule in new else ""
        )
        for rule in dict.fromkeys([*old, *new])
    ]
    return before, now, sorted(rows, key=lambda row: not row.changed)


def plan_story(view: PatientView, history: PlanHistory, now: Instant) -> Iterator[str]:
    """Schedule, rules, versions, proposals and pauses as plain lines."""
    yield from (_("measure: {schedule}").format(schedule=text) for text in schedule_lines(history, now))
    yield from rule_lines(history, now)
    yield from version_lines(history, now)
    compare = compared(history)
    if compare is not None:
        for row in compare[2]:
            if row.changed:
                words = _("changed: {before} → {now}")
                yield words.format(before=row.before or _("none"), now=row.now or _("none"))
    yield from proposal_lines(history)
    yield from pause_lines(history, now)
    if view.plan is not None and view.plan.author:
        yield _("drawn up by {name}").format(name=clean(view.plan.author))


def proposal_lines(history: PlanHistory) -> list[str]:
    """Proposals that wait for the GP."""
    return [
        _("A proposal waits for the GP's approval: {title}").format(title=clean(title) or "?")
        for title in history.proposals
    ]
