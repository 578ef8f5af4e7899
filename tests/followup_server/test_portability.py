"""The SQL stays such that PostgreSQL understands it too."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from followup_server import schema
from followup_server.search_order import after
from followup_server.search_request import read_request

DIALECT = postgresql.dialect()


def test_tables_and_indexes_can_be_made() -> None:
    for table in schema.metadata.sorted_tables:
        made = str(CreateTable(table).compile(dialect=DIALECT))
        assert "BLOB" not in made
        for index in table.indexes:
            CreateIndex(index).compile(dialect=DIALECT)


@pytest.mark.parametrize(
    "params",
    [
        [("code", "a|b"), ("date", "ge2026"), ("_sort", "-date,code")],
        [("patient", "Patient/1"), ("status:not", "final"), ("_lastUpdated", "gt2026-01-01T00:00:00Z")],
        [("derived-from:missing", "true"), ("subject:identifier", "s|1"), ("_tag", "a")],
    ],
)
def test_searches_can_be_said(params: list[tuple[str, str]]) -> None:
    request = read_request("Observation", params, "")
    beyond = after(request.keys, [0 if key.kind is int else "" for key in request.keys])
    wanted = select(schema.resource.c.rid).where(*request.conditions, beyond)
    wanted.order_by(*(key.expression for key in request.keys)).compile(dialect=DIALECT)
