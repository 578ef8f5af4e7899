"""Pictures of wounds as patients send them: drawn, since nobody's skin is to be seen in a made-up centre."""

from __future__ import annotations

from base64 import b64encode
from math import atan2, hypot, sin
from random import Random
from typing import Final

from fhir_r4.raw import Raw
from followup_server.simulator.identity import dice, logical_id
from followup_server.simulator.observations import local_time
from followup_server.simulator.png import Colour, png
from followup_server.simulator.resources import identified
from threshold_engine.model import Instant

WIDTH, HEIGHT = 64, 48
_SKIN: Final[tuple[Colour, ...]] = ((236, 196, 170), (231, 189, 162), (226, 183, 156), (220, 176, 148))
_WOUND: Final[tuple[Colour, ...]] = ((214, 140, 122), (188, 88, 80), (158, 52, 52), (226, 206, 150))
_RIM, _EDGE, _BED, _SLOUGH = range(len(_SKIN), len(_SKIN) + len(_WOUND))


def wound(seed: int, n: int, size: float) -> bytes:
    """A wound as a PNG; `size` from 0 (healed) to 1. The same for the same arguments."""
    random = dice(seed, "wound", n)
    centre_x, centre_y = WIDTH / 2 + random.uniform(-6, 6), HEIGHT / 2 + random.uniform(-4, 4)
    lobes, turn = random.randint(3, 5), random.uniform(0, 6)
    rows = []
    for y in range(HEIGHT):
        row = bytearray(random.choices(range(len(_SKIN)), k=WIDTH))
        for x in range(WIDTH):
            away_x, away_y = x - centre_x, (y - centre_y) * 1.3
            edge = (4 + 15 * size) * (1 + 0.15 * sin(lobes * atan2(away_y, away_x) + turn))
            within = hypot(away_x, away_y) / edge
            if within < 1.25:
                row[x] = _colour(within, random)
        rows.append(bytes(row))
    return png(rows, (*_SKIN, *_WOUND))


def media(seed: int, n: int, patient: str, size: float, at: Instant) -> list[Raw]:
    """The Binary and the Media numbered `n`; `patient` is the Patient's logical id."""
    reference: Raw = {"reference": f"Patient/{patient}"}
    binary = logical_id(seed, "Binary", n)
    picture = wound(seed, n, size)
    return [
        {
            "resourceType": "Binary",
            "id": binary,
            "contentType": "image/png",
            "securityContext": reference,
            "data": b64encode(picture).decode("ascii"),
        },
        {
            **identified(seed, "Media", n),
            "status": "completed",
            "type": {
                "coding": [{"system": "http://terminology.hl7.org/CodeSystem/media-type", "code": "image"}]
            },
            "subject": reference,
            "createdDateTime": local_time(at),
            "operator": reference,
            "bodySite": {"text": "Fot"},
            "width": WIDTH,
            "height": HEIGHT,
            "content": {
                "contentType": "image/png",
                "url": f"Binary/{binary}",
                "size": len(picture),
                "title": "Bilde av såret",
                "creation": local_time(at),
            },
        },
    ]


def _colour(within: float, random: Random) -> int:
    if within > 1:
        return _RIM
    if within > 0.8:
        return _EDGE
    return _SLOUGH if random.random() < 0.12 else _BED
