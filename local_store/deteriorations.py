"""When patients are known to have got worse: alerts that ended in an escalation."""

from __future__ import annotations

from typing import Final

from local_store.context import Context
from local_store.packing import unpack
from threshold_engine.model import Episode
from threshold_engine.what_if import Deterioration
from work_items.model import ItemCode, Outcome

_ESCALATED: Final = """SELECT e.body FROM item i JOIN episode e ON e.id = i.episode
    WHERE (:patient IS NULL OR i.patient = :patient)
    AND json_extract(CAST(i.body AS TEXT), '$.code') = :alert
    AND (json_extract(CAST(i.body AS TEXT), '$.outcome') IN (:gp, :acute)
        OR i.task IN (SELECT j.value FROM entry t, json_each(CAST(t.body AS TEXT), '$.about') j
            WHERE t.kind = 'escalation'))"""


def deteriorations(context: Context, patient: str | None = None) -> list[Deterioration]:
    """Episodes whose item was closed as escalated, or that an escalation is about; of one patient or of all.

    Each lasts as long as its episode: an alarm after its end would have told nobody anything.
    """
    number = None if patient is None else context.patients.find(patient)
    if patient is not None and number is None:
        return []
    rows = context.connection.exec_driver_sql(
        _ESCALATED,
        {
            "patient": number,
            "alert": ItemCode.ALERT.value,
            "gp": Outcome.ESCALATED_GP.value,
            "acute": Outcome.ESCALATED_ACUTE.value,
        },
    )
    episodes = [unpack(Episode, row[0]) for row in rows]
    found = {Deterioration(episode.patient, episode.onset, episode.cleared) for episode in episodes}
    return sorted(found, key=lambda one: (one.patient, one.start))
