"""Which database a server command works on."""

from __future__ import annotations

from typing import Annotated

import typer

Database = Annotated[
    str | None,
    typer.Option(
        envvar="TRIAGE_DATABASE",
        help="File or URL of the server's database; by default fhir.db in the folder triage-server.",
        show_default=False,
    ),
]


def database_or_default(database: str | None) -> str:
    """The database named, or `fhir.db` in the server's own folder: never below the console's data."""
    if database:
        return database
    import platformdirs

    return str(platformdirs.user_data_path("triage-server") / "fhir.db")
