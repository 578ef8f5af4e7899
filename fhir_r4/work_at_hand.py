"""A patient's resources as what `work_items.decide` goes by: alerts, work, touches, messages, faults."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from fhir_r4 import issues, systems
from fhir_r4.communications import CommunicationEntry, category_of, entry_of
from fhir_r4.compartment import Compartment, Evidence
from fhir_r4.errors import BadElement
from fhir_r4.raw import Raw, child, members, reference_of, text_at, uuid_of
from fhir_r4.service_requests import EscalationEntry, escalation_of, is_escalation
from fhir_r4.tasks import focus_issue, is_work_item, item_of
from fhir_r4.work_facts import text as fact
from threshold_engine import Episode, Instant, PatientJudge, Plan, Rule
from work_items import (
    DAY,
    Answer,
    Escalation,
    Fault,
    InboundMessage,
    Item,
    ItemCode,
    PatientWork,
    Published,
    Touch,
)

STILL_ARRIVING_MS: Final = 7 * DAY
"""So long a reading after the end of the follow-up says that somebody still measures."""
_ABOUT_EPISODES: Final = frozenset({ItemCode.ALERT, ItemCode.MISSING, ItemCode.TECHNICAL})


@dataclass(frozen=True)
class Known:
    """The resources at hand by the UUIDs of their identifiers; of two with one UUID the first by id."""

    issues: Mapping[str, Raw]
    tasks: Mapping[str, Raw]
    episodes: Mapping[str, Episode]
    """Published alerts by their published id."""
    items: tuple[Item, ...]
    others: Mapping[str, str]
    """UUID → `<type>/<id>` of Communications and ServiceRequests."""


def known_of(compartment: Compartment) -> Known:
    """Read what is published already. What isn't of our form is none of ours, and is left alone."""
    return compartment.once(_known)


def _known(compartment: Compartment) -> Known:
    found_issues = _by_uuid(raw for raw in compartment.issues if issues.is_ours(raw))
    episodes: dict[str, Episode] = {}
    by_logical: dict[str, Episode] = {}
    for uuid, raw in found_issues.items():
        episode = _episode(raw)
        if episode is not None:
            episodes[uuid] = episode
            by_logical[text_at(raw, "id") or ""] = episode
    found_tasks = _by_uuid(raw for raw in compartment.tasks if is_work_item(raw))
    items: list[Item] = []
    for task in found_tasks.values():
        try:
            items.append(_item(task, episodes, by_logical))
        except BadElement:
            continue  # a Task without patient or time: nothing that could be drawn or decided
    spoken = [*compartment.communications, *compartment.service_requests]
    others = {name: reference_of(raw) for raw in spoken if (name := uuid_of(raw))}
    return Known(found_issues, found_tasks, episodes, tuple(items), others)


def work_of(
    compartment: Compartment, evidence: Evidence, known: Known, judgement: PatientJudge | None, now: Instant
) -> PatientWork:
    """Everything about the patient's work, as of `now`."""
    plan = evidence.choice.document.plan if evidence.choice.document else None
    entries = list(_entries(compartment.communications))
    requests = list(_requests(compartment.service_requests))
    facts = evidence.facts
    return PatientWork(
        patient=compartment.patient,
        episodes=judgement.episodes if judgement else (),
        judged=judgement is not None,
        steps=facts.steps(judgement),
        received=facts.received,
        kinds={rule.id: rule.kind for rule in _rules(plan, now)} if plan else {},
        impossible=facts.impossible,
        published=tuple(
            Published(episode, issues.is_undone(known.issues[uuid]), issues.same_as(known.issues[uuid]))
            for uuid, episode in known.episodes.items()
        ),
        items=known.items,
        touches=(*_touches(entries, known), *_escalated(requests, known)),
        messages=tuple(_messages(entries, known)),
        faults=tuple(_faults(evidence, plan, now)),
        escalations=tuple(_escalation(request, entries, known) for request in requests),
        complete_since=compartment.complete_since,
    )


def rule_behind(plan: Plan | None, episode: Episode) -> Rule | None:
    """The rule that an episode came from: the one in force at its onset."""
    return plan.rule(episode.rule, episode.onset) if plan else None


def _by_uuid(resources: Iterable[Raw]) -> dict[str, Raw]:
    found: dict[str, Raw] = {}
    for raw in sorted(resources, key=lambda one: text_at(one, "id") or ""):
        uuid = uuid_of(raw)
        if uuid is not None:
            found.setdefault(uuid, raw)
    return found


def _episode(raw: Raw) -> Episode | None:
    try:
        return issues.episode_of(raw)
    except BadElement:
        return None  # judged anew, under the identity that comes out


def _item(raw: Raw, episodes: Mapping[str, Episode], by_logical: Mapping[str, Episode]) -> Item:
    uuid, logical = focus_issue(raw)
    about = (episodes.get(fact(raw, "what") or ""), episodes.get(uuid or ""), by_logical.get(logical or ""))
    episode = next((one for one in about if one is not None), None)
    item = item_of(raw, episode)
    return item if episode is None or item.code in _ABOUT_EPISODES else item_of(raw)


def _rules(plan: Plan, now: Instant) -> Iterator[Rule]:
    """All rules that ever stood by now, the newest of an id last."""
    for version in plan.versions:
        if version.valid_from <= now:
            yield from version.rules


def _entries(communications: Iterable[Raw]) -> Iterator[CommunicationEntry]:
    for raw in communications:
        if category_of(raw) is None:
            continue
        try:
            entry = entry_of(raw)
        except BadElement:
            continue  # no time or no patient: it can't be placed
        if not entry.withdrawn:
            yield entry


def _requests(service_requests: Iterable[Raw]) -> Iterator[EscalationEntry]:
    for raw in service_requests:
        if not is_escalation(raw):
            continue
        try:
            yield escalation_of(raw)
        except BadElement:
            continue  # an order of somebody else's, without patient or time


def _about(entry: CommunicationEntry, known: Known) -> frozenset[str]:
    """UUIDs of the Tasks that an entry is about, those that it refers to by their ids included."""
    literal = set(entry.about_references)
    return frozenset(entry.about) | {
        uuid for uuid, raw in known.tasks.items() if reference_of(raw) in literal
    }


def _touches(entries: Iterable[CommunicationEntry], known: Known) -> Iterator[Touch]:
    for entry in entries:
        if entry.category == "note":
            yield Touch(entry.at, "note", _about(entry, known), entry.sender)
        elif entry.category == "contact":
            yield Touch(entry.at, "contact", _about(entry, known), entry.sender, entry.reached)


def _escalated(requests: Iterable[EscalationEntry], known: Known) -> Iterator[Touch]:
    for request in requests:
        episodes = set(request.episodes)
        episodes |= {uuid for uuid, raw in known.issues.items() if text_at(raw, "id") in request.issues}
        about = {item.task for item in known.items if item.episode and item.episode.id in episodes}
        if request.status not in ("entered-in-error", "draft"):
            yield Touch(request.at, "escalation", frozenset(request.tasks) | about, request.requester)


def _messages(entries: list[CommunicationEntry], known: Known) -> Iterator[InboundMessage]:
    outbound = [entry for entry in entries if entry.category == "message" and not entry.inbound]
    for entry in entries:
        if entry.category != "message" or not entry.inbound:
            continue
        what = _what(entry.id, entry.reference)
        tasks = {item.task for item in known.items if item.code is ItemCode.MESSAGE and item.what == what}
        answers = [
            answer.at
            for answer in outbound
            if {entry.id, entry.reference} & set(answer.in_response_to)
            or {entry.id} & set(answer.about)
            or tasks & _about(answer, known)
        ]
        received = entry.at if entry.received is None else entry.received
        yield InboundMessage(what, received, None, min(answers, default=None))


def _what(uuid: str, reference: str) -> str:
    return uuid if uuid == reference else f"{systems.UUID_PREFIX}{uuid}"


def _escalation(request: EscalationEntry, entries: list[CommunicationEntry], known: Known) -> Escalation:
    """What waits for an answer: an active request to the GP. Others are spoken with on the spot."""
    names = {request.id, request.reference}
    answers = [
        Answer(_what(entry.id, entry.reference), entry.at if entry.received is None else entry.received)
        for entry in entries
        if names & {*entry.in_response_to, *entry.about, *entry.about_references, *entry.based_on}
        and entry.category == "message"
        and entry.sender != request.requester
    ]
    what = _what(request.id, request.reference)
    if not answers:
        answers += _receipts(what, known)
    waiting = request.status == "active" and request.helper == "gp"
    return Escalation(what, request.band, request.at, waiting, tuple(answers))


def _receipts(what: str, known: Known) -> Iterator[Answer]:
    """Answers and refusals that only the Task which tracks the escalation tells of."""
    for item in known.items:
        if item.code is not ItemCode.ESCALATION or item.what != what:
            continue
        raw = known.tasks[item.task]
        for coding in members(child(raw, "businessStatus").get("coding")):
            told = coding.get("system") == systems.ESCALATION_STATE
            if told and coding.get("code") in ("answered", "refused"):
                yield Answer(what, item.raised if item.closed_at is None else item.closed_at)


def _faults(evidence: Evidence, plan: Plan | None, now: Instant) -> Iterator[Fault]:
    ended = evidence.choice.ended
    if ended is not None:
        if evidence.measured_after(max(ended, now - STILL_ARRIVING_MS)):
            yield Fault("no-plan", readings_arrive=True)
    elif not evidence.choice.valid:
        yield Fault("no-plan", readings_arrive=evidence.measured)
    watched = plan.codes_watched(now) if plan else frozenset()
    for unusable in evidence.unusable:
        if unusable.code in watched:
            yield Fault(unusable.why, unusable.reading)
