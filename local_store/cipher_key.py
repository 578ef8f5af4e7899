"""The size of a cache's key: apart from the engine, so that keys can be had without loading SQLAlchemy."""

from typing import Final

KEY_BYTES: Final = 32
"""SQLCipher's raw key: AES-256."""
