"""The encrypted cache: tables, keys, migrations, queries, outbox, access log."""
