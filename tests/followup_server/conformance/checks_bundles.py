"""Many at once: batches, where each stands for itself, and transactions, where all stand or fall."""

from __future__ import annotations

import base64
import json
import uuid

from tests.followup_server.conformance.visit import Visit, check, entry, statuses


@check("batch: each entry by itself", needed=True)
def batch(visit: Visit) -> None:
    made = visit.create(visit.patient())
    answers = visit.bundle(
        "batch",
        entry("GET", f"Patient/{made['id']}"),
        entry("GET", "Patient/never-was"),
        entry("POST", "Task", visit.task()),
    )
    assert statuses(answers) == [200, 404, 201]
    assert visit.ids("/Task", identifier=visit.token()) != []


@check("batch: conditional create twice gives one")
def batch_conditional_create(visit: Visit) -> None:
    condition = {"ifNoneExist": f"identifier={visit.token()}"}
    answers = visit.bundle("batch", *[entry("POST", "Task", visit.task(), **condition)] * 2)
    assert sorted(statuses(answers)) == [200, 201]
    assert len(visit.ids("/Task", identifier=visit.token())) == 1


@check("batch: conditional update, update over a stale version, delete")
def batch_writes(visit: Visit) -> None:
    made, other = visit.create(visit.task("made")), visit.create(visit.task("other"))
    stale = {"ifMatch": 'W/"99"'}
    answers = visit.bundle(
        "batch",
        entry("PUT", f"Patient?identifier={visit.token('new')}", visit.patient("new")),
        entry("PUT", f"Task/{made['id']}", {**made, "status": "cancelled"}, **stale),
        entry("DELETE", f"Task/{other['id']}"),
    )
    first, second, third = statuses(answers)
    assert (first, second, third in (200, 204)) == (201, 412, True)
    assert answers[1]["response"]["outcome"]["resourceType"] == "OperationOutcome"


@check("batch and transaction: JSON Patch in a Binary")
def patches(visit: Visit) -> None:
    for kind in ("batch", "transaction"):
        made = visit.create(visit.task(kind))
        operations = [{"op": "replace", "path": "/status", "value": "in-progress"}]
        data = base64.b64encode(json.dumps(operations).encode()).decode()
        binary = {"resourceType": "Binary", "contentType": "application/json-patch+json", "data": data}
        answers = visit.bundle(kind, entry("PATCH", f"Task/{made['id']}", binary))
        assert statuses(answers) == [200]
        assert visit.get(f"/Task/{made['id']}")["status"] == "in-progress"


@check("transaction: urn:uuid references become those of what was made")
def transaction(visit: Visit) -> None:
    urn = uuid.uuid4().urn
    answers = visit.bundle(
        "transaction",
        entry("POST", "Observation", visit.observation(subject={"reference": urn})),
        entry("POST", "Patient", visit.patient(), urn),
    )
    assert statuses(answers) == [201, 201]
    (found,) = visit.get("/Observation", identifier=visit.token())["entry"]
    (patient,) = visit.ids("/Patient", identifier=visit.token())
    assert found["resource"]["subject"]["reference"] == f"Patient/{patient}"


@check("transaction: references by condition become those of what they find")
def conditional_reference(visit: Visit) -> None:
    made = visit.create(visit.patient())
    subject = {"reference": f"Patient?identifier={visit.token()}"}
    visit.bundle("transaction", entry("POST", "Observation", visit.observation(subject=subject)))
    (found,) = visit.get("/Observation", identifier=visit.token())["entry"]
    assert found["resource"]["subject"]["reference"] == f"Patient/{made['id']}"
    missing = {"reference": f"Patient?identifier={visit.token('none')}"}
    lost = visit.observation("lost", subject=missing)
    visit.bundle("transaction", entry("POST", "Observation", lost), statuses=(400, 404, 412, 422))


@check("transaction: conditional create and update, twice give one")
def conditional_transaction(visit: Visit) -> None:
    for expected in ([201, 201], [200, 200]):
        answers = visit.bundle(
            "transaction",
            entry("POST", "Task", visit.task(), ifNoneExist=f"identifier={visit.token()}"),
            entry("PUT", f"Patient?identifier={visit.token()}", visit.patient()),
        )
        assert statuses(answers) == expected
    assert len(visit.ids("/Task", identifier=visit.token())) == 1
    assert len(visit.ids("/Patient", identifier=visit.token())) == 1


@check("transaction: one stale ifMatch undoes all")
def rolled_back(visit: Visit) -> None:
    made = visit.create(visit.task())
    visit.put({**made, "priority": "stat"})
    visit.bundle(
        "transaction",
        entry("POST", "Patient", visit.patient()),
        entry("DELETE", f"Task/{visit.create(visit.task('spared'))['id']}"),
        entry("PUT", f"Task/{made['id']}", made, ifMatch=f'W/"{made["meta"]["versionId"]}"'),
        statuses=(409, 412),
    )
    assert visit.ids("/Patient", identifier=visit.token()) == []
    assert len(visit.ids("/Task", identifier=visit.token("spared"))) == 1
    assert visit.get(f"/Task/{made['id']}")["priority"] == "stat"


@check("transaction: one invalid resource undoes all")
def invalid_undoes(visit: Visit) -> None:
    visit.bundle(
        "transaction",
        entry("POST", "Patient", visit.patient()),
        entry("POST", "Task", visit.task(status="nonsense")),
        statuses=(400, 422),
    )
    assert visit.ids("/Patient", identifier=visit.token()) == []
