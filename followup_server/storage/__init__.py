"""Resources, raw and versioned, in a database: SQLite or PostgreSQL."""
