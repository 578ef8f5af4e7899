"""Batches and transactions (http://hl7.org/fhir/R4/http.html#transaction).

A batch's entries succeed or fail each by itself. A transaction's are one: see `transactions`.
"""

from __future__ import annotations

from dataclasses import replace

from followup_server.bundle_entries import answering_entry, call_of
from followup_server.bundle_references import entries_of
from followup_server.bundle_writer import write_bundle
from followup_server.calls import Answer, Answering, Call, refused
from followup_server.problems import FhirProblem, InvalidContent, TooLarge
from followup_server.raw_json import Raw
from followup_server.server import Server
from followup_server.transactions import together


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
        touched: set[str] = set()
        later = replace(server, judge=touched.update)  # each patient is judged once, after all entries
        answers = [_alone(later, call, entry, place, answering) for place, entry in enumerate(entries)]
        server.judge(touched)
    else:
        calls = [call_of(call, entry, place) for place, entry in enumerate(entries)]
        answers = together(server, calls, [entry.get("fullUrl") for entry in entries], answering)
    written = [answering_entry(answer, full=_wants_resources(call)) for answer in answers]
    return Answer(200, write_bundle(f"{kind}-response", written))


def _wants_resources(call: Call) -> bool:
    return "return=representation" in call.headers.get("prefer", "")


def _alone(server: Server, call: Call, entry: Raw, place: int, answering: Answering) -> Answer:
    try:
        return answering(server, call_of(call, entry, place))
    except FhirProblem as problem:
        return refused(problem)
