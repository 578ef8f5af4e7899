"""What `triage show --json` gives of the tabs beside the readings."""

from __future__ import annotations

from local_store.views import PatientView
from threshold_engine import format_instant, unscaled
from threshold_engine.model import Instant, Value
from threshold_engine.plans import Version
from triage_tui.chart.views import AnsweredForm, Chart, Picture, ThreadMessage
from triage_tui.wording.rules import rule_words

Json = dict[str, object]


def chart_json(view: PatientView, chart: Chart) -> Json:
    """Forms, plan versions, pauses, the thread, pictures, and what has become of each escalation."""
    plan = chart.plans.plan
    return {
        "forms": [_form(form) for form in chart.forms],
        "plan_versions": [_version(one, chart) for one in plan.versions] if plan else [],
        "pauses": [{"from": _at(one.start), "to": _at(one.end)} for one in plan.pauses] if plan else [],
        "proposals": list(chart.plans.proposals),
        "thread": [_message(one) for one in chart.thread],
        "pictures": [_picture(one) for one in chart.pictures],
        "escalation_states": {
            op: {"to": one.to, "name": one.name, "state": one.state} for op, one in chart.escalations.items()
        },
        "namesakes": list(chart.namesakes),
        "told_by_phone": [one.id for one in view.readings if one.unsent or one.id in chart.told],
        "marked_wrong": [
            {"id": reading, "by": mark.by, "at": _at(mark.at), "reason": mark.reason}
            for reading, mark in chart.wrong.items()
        ],
    }


def _at(at: Instant | None) -> str | None:
    return None if at is None else format_instant(at)


def _value(value: Value) -> object:
    return unscaled(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _form(form: AnsweredForm) -> Json:
    return {
        "id": form.id,
        "form": form.form,
        "title": form.title,
        "at": _at(form.at),
        "status": form.status,
        "wish": form.wish,
        "answers": [
            {"link": one.link, "question": one.question, "values": [_value(value) for value in one.values]}
            for one in form.answers
        ],
    }


def _version(version: Version, chart: Chart) -> Json:
    approval = chart.plans.approvals.get(version.version)
    return {
        "version": version.version,
        "valid_from": _at(version.valid_from),
        "approved_by": approval.by if approval else None,
        "approved_at": _at(approval.at) if approval else None,
        "rules": [{"id": rule.id, "kind": rule.kind, "words": rule_words(rule)} for rule in version.rules],
    }


def _message(message: ThreadMessage) -> Json:
    return {
        "op": message.id,
        "at": _at(message.at),
        "inbound": message.inbound,
        "author": message.author,
        "text": message.text,
        "medium": message.medium,
        "attachments": list(message.attachments),
        "unread": message.unread,
        "opened_at": _at(message.opened_at),
        "sent": message.sent,
    }


def _picture(picture: Picture) -> Json:
    return {
        "id": picture.id,
        "at": _at(picture.at),
        "title": picture.title,
        "place": picture.place,
        "content_type": picture.content_type,
        "url": picture.url,
        "size": picture.size,
    }
