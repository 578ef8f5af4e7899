"""Keeping the cache and the server equal: pull, push, conflicts, backoff. No Textual here."""
