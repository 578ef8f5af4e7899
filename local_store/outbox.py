"""The outbox: what a nurse did, in the order in which it was done, until the server has it.

Order is kept per patient: an op that waits for its next try holds back the later ones of its patient, one
that is parked or in conflict only those that depend on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from local_store.context import Context
from local_store.errors import AmbiguousOp, NoSuchOp
from local_store.records import OutboxOp, StoredOp
from local_store.tables import OutboxDependency, OutboxTask
from local_store.upsert import put
from local_store.views import OpState, OutboxRow
from threshold_engine.model import Instant

_COLUMNS: Final = """SELECT o.seq, o.op, o.act, p.id, o.author, o.at, o.body, o.base, o.summary, o.state,
    o.attempts, o.answer, o.not_before,
    (SELECT json_group_array(task) FROM outbox_task t WHERE t.seq = o.seq),
    (SELECT json_group_array(needs) FROM outbox_dependency d WHERE d.seq = o.seq)
    FROM outbox o LEFT JOIN patient p ON p.n = o.patient"""


def queue_op(context: Context, op: OutboxOp) -> None:
    """Add an op, in the transaction of its effect. The same op twice is one: the first stays."""
    seq = context.connection.exec_driver_sql(
        """INSERT INTO outbox (op, act, patient, author, at, body, base, summary, state, attempts)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pending', 0) ON CONFLICT (op) DO NOTHING RETURNING seq""",
        (
            op.op,
            op.act,
            None if op.patient is None else context.patients.make(op.patient),
            op.author,
            op.at,
            op.body,
            op.base,
            msgspec.json.encode(op.summary),
        ),
    ).scalar()
    if seq is None:
        return
    for task in op.tasks:
        put(context.connection, OutboxTask(task=task, seq=seq))
    for needs in op.depends_on:
        put(context.connection, OutboxDependency(seq=seq, needs=needs))


def read_op(context: Context, op: str) -> StoredOp | None:
    """An op by its UUID."""
    row = context.connection.exec_driver_sql(_COLUMNS + " WHERE o.op = ?", (op,)).one_or_none()
    return None if row is None else _stored(row)


def next_ops(context: Context, limit: int, now: Instant) -> list[StoredOp]:
    """What may be sent now, oldest first.

    Every op that it depends on has been sent, its own time to try again has come, and no earlier op of its
    patient waits for its time.
    """
    rows = context.connection.exec_driver_sql(
        _COLUMNS  # noqa: S608 - nothing but our own text
        + """ WHERE o.state = 'pending' AND coalesce(o.not_before, :now) <= :now
        AND NOT EXISTS (SELECT 1 FROM outbox_dependency d LEFT JOIN outbox n ON n.op = d.needs
            WHERE d.seq = o.seq AND coalesce(n.state, '') <> 'sent')
        AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.state = 'pending' AND e.seq < o.seq
            AND e.patient = o.patient AND e.not_before > :now)
        ORDER BY o.seq LIMIT :limit""",
        {"now": now, "limit": limit},
    )
    return [_stored(row) for row in rows]


def set_op_state(
    context: Context, op: str, state: OpState, answer: str | None, not_before: Instant | None
) -> None:
    """Say how an op fares after a try."""
    context.connection.exec_driver_sql(
        "UPDATE outbox SET state = ?, answer = ?, not_before = ?, attempts = attempts + 1 WHERE op = ?",
        (state, answer, not_before, op),
    )


def rewrite_op(
    context: Context,
    op: str,
    body: bytes,
    base: str | None,
    tasks: Sequence[str] = (),
    summary: Mapping[str, str] | None = None,
) -> None:
    """Change what an unsent op sends: rebased, or corrected by the nurse. It waits to be sent again.

    `tasks`: UUIDs of Tasks that it changes now, beside those that it changed before. `summary`: what a line
    of the outbox says of it now, where that has changed.
    """
    told = None if summary is None else msgspec.json.encode(summary)
    seq = context.connection.exec_driver_sql(
        """UPDATE outbox SET body = ?, base = ?, summary = coalesce(?, summary), state = 'pending',
        answer = NULL, not_before = NULL WHERE op = ? AND state <> 'sent' RETURNING seq""",
        (body, base, told, op),
    ).scalar()
    if seq is not None:
        for task in tasks:
            put(context.connection, OutboxTask(task=task, seq=seq))


def retry_op(context: Context, op: str) -> None:
    """Let an op that was refused or in conflict wait to be sent again; its answer stays until then."""
    context.connection.exec_driver_sql(
        "UPDATE outbox SET state = 'pending', not_before = NULL WHERE op = ? AND state <> 'sent'", (op,)
    )


def find_op(context: Context, text: str) -> StoredOp:
    """An op by its UUID or the unique beginning of it, sent ones too. Raises NoSuchOp, AmbiguousOp."""
    begin = text.strip().lower().removeprefix("urn:uuid:")
    found = read_op(context, begin)
    if found is not None:
        return found
    rows = context.connection.exec_driver_sql(
        _COLUMNS + " WHERE o.op > ? AND o.op < ? LIMIT 2", (begin, begin + "\U0010ffff")
    ).all()
    if not begin or not rows:
        raise NoSuchOp(f"no act begins with {begin!r}")
    if len(rows) > 1:
        raise AmbiguousOp(f"several acts begin with {begin!r}")
    return _stored(rows[0])


def dependants(context: Context, op: str) -> list[StoredOp]:
    """The unsent ops that wait for this one, oldest first."""
    rows = context.connection.exec_driver_sql(
        _COLUMNS  # noqa: S608 - nothing but our own text
        + """ WHERE o.state IN ('pending', 'parked', 'conflict') AND o.state <> 'sent'
        AND o.seq IN (SELECT seq FROM outbox_dependency WHERE needs = ?) ORDER BY o.seq""",
        (op,),
    )
    return [_stored(row) for row in rows]


def add_dependency(context: Context, op: str, needs: str) -> None:
    """Let an unsent op wait for another one too."""
    context.connection.exec_driver_sql(
        """INSERT INTO outbox_dependency (seq, needs) SELECT seq, ? FROM outbox WHERE op = ? AND op <> ?
        ON CONFLICT DO NOTHING""",
        (needs, op, needs),
    )


def drop_dependency(context: Context, op: str, needs: str) -> None:
    """Let an op go ahead without another one, which was withdrawn and which it can do without."""
    context.connection.exec_driver_sql(
        """DELETE FROM outbox_dependency
        WHERE needs = ? AND seq = (SELECT seq FROM outbox WHERE op = ?)""",
        (needs, op),
    )


def last_unsent(context: Context, patient: str, author: str) -> StoredOp | None:
    """What a nurse did last about a patient, as long as it is unsent."""
    row = context.connection.exec_driver_sql(
        _COLUMNS
        + """ WHERE o.state IN ('pending', 'parked', 'conflict') AND o.state <> 'sent'
        AND o.patient = ? AND o.author = ? ORDER BY o.seq DESC LIMIT 1""",
        (context.patients.find(patient), author),
    ).one_or_none()
    return None if row is None else _stored(row)


def pending_changes(context: Context, task: str) -> list[bytes]:
    """The bodies of the unsent ops that change a Task, oldest first: to be laid over what the server has."""
    rows = context.connection.exec_driver_sql(
        """SELECT o.body FROM outbox_task t JOIN outbox o ON o.seq = t.seq
        WHERE t.task = ? AND o.state = 'pending' ORDER BY o.seq""",
        (task,),
    )
    return [row[0] for row in rows]


def pending_amendments(context: Context, kind: str) -> list[tuple[str, bytes]]:
    """Target and body of each pending op that amends resources of a type, oldest first."""
    rows = context.connection.exec_driver_sql(
        """SELECT t.task, o.body FROM outbox_task t JOIN outbox o ON o.seq = t.seq
        WHERE t.task >= ? AND t.task < ? AND o.state = 'pending' ORDER BY o.seq""",
        (f"{kind}/", f"{kind}0"),
    )
    return [(row[0], row[1]) for row in rows]


def pending_bodies(context: Context, patient: str) -> list[bytes]:
    """The bodies of all pending ops about a patient, oldest first."""
    rows = context.connection.exec_driver_sql(
        "SELECT body FROM outbox WHERE state = 'pending' AND state <> 'sent' AND patient = ? ORDER BY seq",
        (context.patients.find(patient),),
    )
    return [row[0] for row in rows]


def ops_on_task(context: Context, task: str) -> list[StoredOp]:
    """All unsent ops that change a Task, oldest first; parked ones and conflicts too."""
    rows = context.connection.exec_driver_sql(
        _COLUMNS  # noqa: S608 - nothing but our own text
        + """ WHERE o.state IN ('pending', 'parked', 'conflict') AND o.state <> 'sent'
        AND o.seq IN (SELECT seq FROM outbox_task WHERE task = ?) ORDER BY o.seq""",
        (task,),
    )
    return [_stored(row) for row in rows]


def unsent(context: Context) -> tuple[frozenset[str], frozenset[str]]:
    """The ops that are unsent, and the Tasks that are shown as such an op will make them.

    What was refused or is in conflict is laid over no Task: there the server's word is shown.
    """
    rows = context.connection.exec_driver_sql(
        """SELECT o.op, t.task, o.state FROM outbox o LEFT JOIN outbox_task t ON t.seq = o.seq
        WHERE o.state IN ('pending', 'parked', 'conflict') AND o.state <> 'sent'"""
    ).all()
    changed = frozenset(row[1] for row in rows if row[1] and row[2] == "pending")
    return frozenset(row[0] for row in rows), changed


def counts_by_state(context: Context) -> dict[str, tuple[int, Instant]]:
    """State → how many ops are in it, and when the oldest of them was done; sent ones aren't counted."""
    rows = context.connection.exec_driver_sql(
        """SELECT state, count(*), min(at) FROM outbox
        WHERE state IN ('pending', 'parked', 'conflict') AND state <> 'sent' GROUP BY state"""
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def outbox_rows(context: Context) -> list[OutboxRow]:
    """What waits, is parked or in conflict, oldest first."""
    rows = context.connection.exec_driver_sql(
        """SELECT o.op, o.act, p.id, p.name, o.at, o.state, o.answer, o.attempts, o.summary
        FROM outbox o LEFT JOIN patient p ON p.n = o.patient
        WHERE o.state IN ('pending', 'parked', 'conflict') AND o.state <> 'sent' ORDER BY o.seq"""
    )
    return [
        OutboxRow(op, act, patient, name, at, state, answer, attempts, msgspec.json.decode(summary))
        for op, act, patient, name, at, state, answer, attempts, summary in rows
    ]


def unsent_ops(context: Context) -> list[StoredOp]:
    """What waits, is parked or in conflict, oldest first."""
    rows = context.connection.exec_driver_sql(
        _COLUMNS + " WHERE o.state IN ('pending', 'parked', 'conflict') AND o.state <> 'sent' ORDER BY o.seq"
    )
    return [_stored(row) for row in rows]


def dependencies(context: Context) -> dict[str, list[str]]:
    """Unsent op → the ops that have to be sent before it."""
    rows = context.connection.exec_driver_sql(
        """SELECT o.op, d.needs FROM outbox o JOIN outbox_dependency d ON d.seq = o.seq
        WHERE o.state IN ('pending', 'parked', 'conflict') AND o.state <> 'sent' ORDER BY o.seq, d.needs"""
    )
    found: dict[str, list[str]] = {}
    for op, needs in rows:
        found.setdefault(op, []).append(needs)
    return found


def _stored(row: Sequence[Any]) -> StoredOp:
    seq, op, act, patient, author, at, body, base, summary, state, attempts, answer, not_before, *lists = row
    tasks, needs = (tuple(msgspec.json.decode(one, type=list[str])) for one in lists)
    return StoredOp(
        OutboxOp(op, act, patient, author, at, body, tasks, needs, base, msgspec.json.decode(summary)),
        seq,
        state,
        attempts,
        answer,
        not_before,
    )
