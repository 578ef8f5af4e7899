"""What has become of each escalation: from its ServiceRequest, its tracking Task, and the answers to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fhir_r4 import systems
from fhir_r4.communications import CommunicationEntry
from fhir_r4.raw import Raw, child, members, text_at
from fhir_r4.service_requests import EscalationEntry
from fhir_r4.tasks import focus_of
from triage_tui.chart.views import EscalationState


def escalation_states(
    requests: Iterable[EscalationEntry],
    tasks: Iterable[Raw],
    messages: Iterable[CommunicationEntry],
    names: Mapping[str, str],
) -> tuple[dict[str, EscalationState], frozenset[str]]:
    """Id of an escalation's line → how it stands; and the ids of the messages that answer one.

    `names`: reference → display name.
    """
    tracked = {focus_of(raw).removeprefix(systems.UUID_PREFIX): raw for raw in tasks if _tracks(raw)}
    written, states, answers = list(messages), {}, set()
    for request in requests:
        own = {request.id, request.reference}
        replies = [one.id for one in written if own & _answered_by(one) and one.sender != request.requester]
        answers.update(replies)
        task = tracked.get(request.id) or tracked.get(request.reference)
        states[request.id] = EscalationState(
            to=request.helper,
            name=names.get(request.performer or "") or request.performer_name,
            state=_state(request, task, answered=bool(replies)),
        )
    return states, frozenset(answers)


def _answered_by(message: CommunicationEntry) -> set[str]:
    return {*message.in_response_to, *message.about, *message.about_references, *message.based_on}


def _state(request: EscalationEntry, task: Raw | None, *, answered: bool) -> str:
    said = None
    for coding in members(child(task or {}, "businessStatus").get("coding")):
        if coding.get("system") == systems.ESCALATION_STATE:
            said = text_at(coding, "code")
    if said in ("answered", "refused", "overdue", "received"):
        return said
    if answered:
        return "answered"
    return said or {"active": "sent"}.get(request.status, request.status)


def _tracks(raw: Raw) -> bool:
    return any(
        coding.get("system") == systems.WORK and coding.get("code") == "escalation"
        for coding in members(child(raw, "code").get("coding"))
    )
