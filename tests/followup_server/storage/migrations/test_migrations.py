"""A database of an earlier layout is taken forward when it is opened, with everything in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, select, update

from fhir_r4.care_plans import care_plan
from followup_server.bulk import loading
from followup_server.judging.patients import judge_all, judge_patients
from followup_server.problems import DatabaseRefused
from followup_server.storage import migrations, schema
from followup_server.storage.database import Database, open_database
from followup_server.storage.migrations import MIGRATIONS, NEWEST, OLDEST, Migration
from followup_server.storage.rows import insert_rows
from followup_server.storage.store import ResourceStore
from threshold_engine.model import Clock

Made = Callable[..., dict[str, Any]]
DDL = Path(__file__).parent / "layouts"


@pytest.fixture
def filled(tmp_path: Path, clock: Clock, observation: Made) -> Iterator[ResourceStore]:
    """A store with a judged patient, a corrected reading and a work item."""
    store = ResourceStore(tmp_path / "filled.db", clock)
    rule = {"id": "spo2", "kind": "limit", "code": "spo2", "red_below": 88}
    version = {"version": 1, "valid_from": "2026-05-01T00:00:00Z", "rules": [rule]}
    plan = {**care_plan("p-1", {"versions": [version]}, title="Kols"), "id": "plan"}
    patient = {"resourceType": "Patient", "id": "p-1", "name": [{"family": "Ås"}]}
    loading.load(store, [patient, plan, observation(80, id="o-1"), observation(97, id="o-2")])
    store.update("o-2", observation(80, id="o-2"))
    judge_all(store, store.clock())
    yield store
    store.close()


@pytest.fixture
def earlier(filled: ResourceStore, empty_database: str) -> Iterator[Database]:
    """A database of the previous layout with the same in it, made by the statements of its time."""
    opened = open_database(empty_database)
    with opened.making() as new, filled.reading() as old:
        ddl = DDL / f"layout{OLDEST}.{new.dialect.name}.sql"
        for statement in ddl.read_text().splitlines()[1:]:
            new.exec_driver_sql(statement)
        there = set(inspect(new).get_table_names())
        for table in schema.metadata.sorted_tables:
            if table.name in there:
                insert_rows(new, table, [tuple(row) for row in old.execute(select(table))])
        new.execute(update(schema.layout).values(number=OLDEST))
    yield opened
    opened.close()


def tables(connection: Connection) -> dict[str, Any]:
    """What the database itself says of its tables."""
    found = inspect(connection)
    return {
        name: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(name)],
            found.get_pk_constraint(name)["constrained_columns"],
            sorted((i["name"] or "", i["column_names"], i["unique"]) for i in found.get_indexes(name)),
        )
        for name in found.get_table_names()
    }


def layout(database: Database) -> int | None:
    with database.reading() as connection:
        return migrations.current(connection)


def test_everything_is_there_and_judging_goes_on(
    earlier: Database, filled: ResourceStore, observation: Made
) -> None:
    opened = ResourceStore(earlier.engine.url.render_as_string(), filled.clock)
    try:
        assert layout(earlier) == NEWEST
        assert opened.history() == filled.history()
        assert opened.page_key == filled.page_key
        (patient,) = opened.search("Patient", [("name", "ås")]).matches
        assert patient.id == "p-1"

        opened.create(observation(96, "2026-05-21T10:00:00Z"))
        judge_patients(opened, ["p-1"], opened.clock())
        (issue,) = opened.search("DetectedIssue", []).matches
        assert issue.raw["status"] == "final"
    finally:
        opened.close()


def test_a_changed_database_has_the_tables_of_a_new_one(earlier: Database, filled: ResourceStore) -> None:
    url = earlier.engine.url.render_as_string()
    ResourceStore(url, filled.clock).close()
    with earlier.making() as connection:
        changed = tables(connection)
        schema.metadata.drop_all(connection)
    ResourceStore(url, filled.clock).close()
    with earlier.reading() as connection:
        assert tables(connection) == changed


def test_a_step_that_fails_leaves_the_database_as_it_was(
    earlier: Database, filled: ResourceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = ("CREATE TABLE half (a INTEGER)", "CREATE TABEL nonsense (a INTEGER)")
    steps = (*MIGRATIONS, Migration("broken", {"sqlite": broken, "postgresql": broken}))
    monkeypatch.setattr(migrations, "MIGRATIONS", steps)
    monkeypatch.setattr(migrations, "NEWEST", NEWEST + 1)
    with earlier.reading() as connection:
        before = tables(connection)

    with pytest.raises(DatabaseRefused):
        ResourceStore(earlier.engine.url.render_as_string(), filled.clock)

    assert layout(earlier) == OLDEST
    with earlier.reading() as connection:
        assert tables(connection) == before


@pytest.mark.parametrize(("number", "said"), [(NEWEST + 1, "later version"), (OLDEST - 1, "too old")])
def test_what_no_step_leads_on_from_is_refused(
    store: ResourceStore, database: str, number: int, said: str
) -> None:
    with store.write() as session:
        session.connection.execute(update(schema.layout).values(number=number))

    with pytest.raises(DatabaseRefused, match=said) as refused:
        ResourceStore(database, lambda: 0)
    assert refused.value.remedy
