"""Programmes that live on forms alone, for as long as `programmes` has no template of these names."""

from __future__ import annotations

from typing import Final

_ZONES: Final = """
[zone.green]
patient = "Du har det bra og trenger ingen konsultasjon nå. Svar på skjemaet når det kommer."
centre = "Leser svaret. Ingen kontakt når du ikke ønsker det."

[zone.yellow]
patient = "Du har det verre, eller ønsker en konsultasjon. Svar det i skjemaet, så ringer vi deg."
centre = "Ringer deg innen neste virkedag."

[zone.red]
patient = "Ring senteret straks. Er senteret stengt: legevakt 116 117. Er det fare for livet: 113."
centre = "Ringer deg straks. Vurderer fastlege, legevakt 116 117 eller 113."
"""

TEMPLATES: Final = {
    "wrist_fracture": f"""
title = "Håndleddsbrudd"
baseline = {{ first = "P28D", days = 7 }}
{_ZONES}
[[rule]]
id = "wants-consultation"
kind = "answer"
code = "wrist-fracture/wants-consultation"
yellow = [true]

[[rule]]
id = "fingers"
kind = "answer"
code = "wrist-fracture/fingers-blue-cold-numb"
red = [true]

[[rule]]
id = "no-answer"
kind = "missing"
codes = ["wrist-fracture/wants-consultation"]
every = "P28D"
grace = "P7D"
""",
    "mental_health": f"""
title = "Psykisk helse"
baseline = {{ first = "P28D", days = 7 }}
{_ZONES}
[[rule]]
id = "thoughts-of-death"
kind = "answer"
code = "phq-9/9"
red = [1, 2, 3]

[[rule]]
id = "no-answer"
kind = "missing"
codes = ["phq-9/9"]
every = "P7D"
grace = "P3D"
""",
}
