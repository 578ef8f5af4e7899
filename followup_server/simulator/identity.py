"""Ids of simulated resources, and random numbers that depend on nothing but what they are for."""

from __future__ import annotations

from random import Random

from threshold_engine.identity import named_uuid


def logical_id(seed: int, resource_type: str, n: int | str) -> str:
    """UUIDv5 of `sim/<seed>/<type>/<n>` in the engine's namespace."""
    return named_uuid(f"sim/{seed}/{resource_type}/{n}")


def dice(seed: int, *what: str | int) -> Random:
    """Random numbers for one purpose: the same whatever else was drawn before, on every machine."""
    return Random("/".join(("sim", str(seed), *map(str, what))))  # noqa: S311 - a simulation, no secret
