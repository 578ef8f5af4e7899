"""Batches and transactions (http://hl7.org/fhir/R4/http.html#transaction).

A batch's entries succeed or fail each by itself. A transaction's are one: see `transactions`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import TypeVar

from followup_server.bundles.entries import READS, answering_entry, call_of
from followup_server.bundles.references import entries_of
from followup_server.bundles.transactions import together
from followup_server.bundles.writer import write_bundle
from followup_server.http.calls import Answer, Answering, Call, refused
from followup_server.http.server import Server
from followup_server.problems import FhirProblem, InvalidContent, TooLarge
from followup_server.raw_json import Raw
from followup_server.writing.writes import WriteSession

T = TypeVar("T")


def process(server: Server, call: Call, answering: Answering) -> Answer:
    """`POST` of a Bundle of type batch or transaction; `answering` does a single call."""
    bundle = call.raw()
    if bundle.get("resourceType") != "Bundle":
        raise InvalidContent("Only a Bundle is posted here.", element="resourceType")
    kind = bundle.get("type")
    if kind not in ("batch", "transaction"):
        raise InvalidContent("Bundle.type is none of batch, transaction.", element="Bundle.type")
    entries = entries_of(bundle)
    most = call.limits.bundle_entries
    if len(entries) > most:
        raise TooLarge(f"The bundle has over {most} entries; send it in parts.", element="Bundle.entry")
    if kind == "batch":
        answers = _apart(server, call, entries, answering)
    else:
        calls = [call_of(call, entry, place) for place, entry in enumerate(entries)]
        answers = together(server, calls, [entry.get("fullUrl") for entry in entries], answering)
    written = [answering_entry(answer, full=_wants_resources(call)) for answer in answers]
    return Answer(200, write_bundle(f"{kind}-response", written))


def _wants_resources(call: Call) -> bool:
    return "return=representation" in call.headers.get("prefer", "")


def _apart(server: Server, call: Call, entries: Sequence[Raw], answering: Answering) -> list[Answer]:
    """A batch, in order: writes in a row are parts of one transaction, each undone by itself."""

    def all_of(within: Server, numbered: Sequence[tuple[int, Raw]]) -> list[Answer]:
        return [_alone(within, call, entry, place, answering) for place, entry in numbered]

    answers: list[Answer] = []
    for reads, some in groupby(enumerate(entries), key=lambda numbered: _only_reads(numbered[1])):
        if reads:
            answers += all_of(server, list(some))
        else:
            answers += server.commit(partial(_in_parts, server, list(some), all_of))
    return answers


def _in_parts(
    server: Server,
    numbered: Sequence[tuple[int, Raw]],
    all_of: Callable[[Server, Sequence[tuple[int, Raw]]], list[Answer]],
    session: WriteSession,
) -> list[Answer]:
    """Answer entries that write, each as a part of this transaction."""

    def commit(work: Callable[[WriteSession], T]) -> T:
        with session.part():
            return work(session)

    return all_of(replace(server, commit=commit), numbered)


def _only_reads(entry: Raw) -> bool:
    request = entry.get("request")
    if not isinstance(request, dict):
        return False
    return request.get("method") in READS or "_search" in str(request.get("url"))


def _alone(server: Server, call: Call, entry: Raw, place: int, answering: Answering) -> Answer:
    try:
        return answering(server, call_of(call, entry, place))
    except FhirProblem as problem:
        return refused(problem)
