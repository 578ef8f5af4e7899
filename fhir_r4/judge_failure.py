"""Where the judge itself fails on a patient, a nurse has to know: nobody looks at what arrives."""

from __future__ import annotations

from collections.abc import Iterable

from fhir_r4 import systems, task_patches
from fhir_r4.errors import BadElement
from fhir_r4.judge import Create, Update, Write, patched
from fhir_r4.raw import Raw, uuid_of, version_of
from fhir_r4.references import to
from fhir_r4.tasks import is_work_item, item_of, task_of
from fhir_r4.work_facts import text as fact
from threshold_engine import Instant
from work_items import (
    Centre,
    Item,
    PatientWork,
    Raise,
    Reinstate,
    Worsen,
    decide_judge_failed,
    judge_failed,
)


def writes_of_failure(patient: str, tasks: Iterable[Raw], now: Instant, centre: Centre) -> list[Write]:
    """The writes of one technical item, as long as there is none; nothing is judged.

    `tasks`: the patient's Tasks of the code `technical`. Of these only the ones about such a failure are
    read, since anything else may be what the judge failed on.
    """
    what = judge_failed(patient)
    known: dict[str, Raw] = {}
    items: list[Item] = []
    for raw in tasks:
        if is_work_item(raw) and fact(raw, "what") == what:
            try:
                items.append(item_of(raw))
            except BadElement:
                continue  # somebody has made it unreadable: another one is raised in its place
            known[uuid_of(raw) or ""] = raw
    work = PatientWork(patient=patient, judged=False, items=tuple(items))
    writes: list[Write] = []
    for decision in decide_judge_failed(work, now, centre):
        if isinstance(decision, Raise):
            item = decision.item
            task = task_of(item, focus=to(f"Patient/{patient}"), modified=now)
            writes.append(Create(task, f"{systems.URI}|{systems.UUID_PREFIX}{item.task}", item.task))
        elif isinstance(decision, Reinstate | Worsen):
            before = known[decision.task]
            after = task_patches.modified(before, patched(before, decision), now)
            writes.append(Update(after, version_of(before)))
    return writes
