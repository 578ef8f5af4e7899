"""Names, streets and places for made-up people of Nord-Troms, with the letters of Norwegian and Sámi."""

from __future__ import annotations

from typing import NamedTuple

WOMEN = (
    "Anne", "Inger", "Kari", "Marit", "Ingrid", "Liv", "Eva", "Berit", "Astrid", "Bjørg", "Hilde", "Randi",
    "Solveig", "Åse", "Gerd", "Turid", "Reidun", "Gunvor", "Torill", "Jorunn", "Sissel", "Åshild", "Synnøve",
    "Aud", "Bodil", "Ragnhild", "Oddny", "Målfrid", "Elsa", "Wenche", "Kjersti", "Mona", "Grete", "Ærna",
)  # fmt: skip
MEN = (
    "Jan", "Per", "Bjørn", "Ole", "Lars", "Kjell", "Knut", "Svein", "Arne", "Odd", "Nils", "Hans", "Kåre",
    "Håkon", "Tor", "Terje", "Åge", "Jørgen", "Einar", "Magne", "Pål", "Sverre", "Øystein", "Leif", "Roald",
    "Hjalmar", "Trygve", "Gunnar", "Steinar", "Torbjørn", "Asbjørn", "Øivind", "Ragnar", "Sæmund",
)  # fmt: skip
SAMI_WOMEN = (
    "Máret", "Elle", "Ánne", "Biret", "Sárá", "Ristin", "Inggá", "Káre", "Berit Ánne", "Elle Márjá", "Ruŧ",
    "Risten", "Gáren", "Sunná", "Láilá", "Márjá", "Ellen Áile", "Biggá", "Judiŧ", "Čiske",
)  # fmt: skip
SAMI_MEN = (
    "Áilu", "Juhán", "Mihkkal", "Niillas", "Ánte", "Máhtte", "Piera", "Issát", "Jovnna", "Áslat", "Ánde",
    "Lásse", "Heaika", "Nils Ánte", "Beaivváš", "Rásttoš", "Dávvet", "Čálle", "Máŋge", "Duommá", "Sáđđe",
)  # fmt: skip
SURNAMES = (
    "Hansen", "Johansen", "Olsen", "Larsen", "Pedersen", "Nilsen", "Kristiansen", "Jensen", "Karlsen",
    "Berg", "Bakken", "Sørensen", "Jørgensen", "Bjørklund", "Steinnes", "Hågensen", "Lyngstad", "Mikalsen",
    "Isaksen", "Henriksen", "Fjellstad", "Sjøvoll", "Myrvang", "Kvænnes", "Rørnes", "Tømmernes", "Viken",
    "Nygård", "Solås", "Ørnebakk", "Strømnes", "Elvevoll", "Lund", "Eliassen", "Hætta-Lund", "Salamonsen",
)  # fmt: skip
SAMI_SURNAMES = (
    "Eira", "Gaup", "Hætta", "Bæhr", "Somby", "Utsi", "Balto", "Guttorm", "Sara", "Turi", "Labba", "Vuolab",
    "Mággá", "Nystø", "Báđoš", "Čappa", "Ođđajávri", "Žákka", "Šuorra", "Njuŋis", "Muoŧká", "Siiri",
)  # fmt: skip
STREETS = (
    "Hovedvegen", "Strandvegen", "Kirkebakken", "Skolevegen", "Nedre Myrveg", "Fjordvegen", "Elvebakken",
    "Sjøgata", "Kaivegen", "Nordlyslia", "Bjørkelia", "Øvre Åsveg", "Fergevegen", "Molobakken", "Moreneveien",
    "Vuotnageaidnu", "Gáddegeaidnu", "Skuvlageaidnu", "Johgáddi", "Čorrogeaidnu",
)  # fmt: skip


class Place(NamedTuple):
    """A post town, its municipality, and that municipality's GP surgery (by place in `SURGERIES`)."""

    code: str
    town: str
    municipality: str
    surgery: int


PLACES = (
    Place("9151", "Storslett", "Nordreisa – Ráisa – Raisi", 0),
    Place("9152", "Sørkjosen", "Nordreisa – Ráisa – Raisi", 0),
    Place("9153", "Rotsund", "Nordreisa – Ráisa – Raisi", 0),
    Place("9180", "Skjervøy", "Skjervøy – Skiervá – Kierua", 1),
    Place("9190", "Akkarvik", "Skjervøy – Skiervá – Kierua", 1),
    Place("9192", "Arnøyhamn", "Skjervøy – Skiervá – Kierua", 1),
    Place("9195", "Årviksand", "Skjervøy – Skiervá – Kierua", 1),
    Place("9161", "Burfjord", "Kvænangen – Návuotna – Naavuono", 2),
    Place("9162", "Sørstraumen", "Kvænangen – Návuotna – Naavuono", 2),
    Place("9163", "Jøkelfjord", "Kvænangen – Návuotna – Naavuono", 2),
    Place("9144", "Samuelsberg", "Gáivuotna – Kåfjord – Kaivuono", 3),
    Place("9146", "Olderdalen", "Gáivuotna – Kåfjord – Kaivuono", 3),
    Place("9147", "Birtavarre", "Gáivuotna – Kåfjord – Kaivuono", 3),
    Place("9060", "Lyngseidet", "Lyngen – Ivgu – Yykeä", 4),
    Place("9062", "Furuflaten", "Lyngen – Ivgu – Yykeä", 4),
    Place("9068", "Nord-Lenangen", "Lyngen – Ivgu – Yykeä", 4),
    Place("9143", "Skibotn", "Storfjord – Omasvuotna – Omasvuono", 5),
    Place("9046", "Oteren", "Storfjord – Omasvuotna – Omasvuono", 5),
)

SURGERIES = (
    ("Storslett legesenter (demo)", "9151", "Storslett"),
    ("Skjervøy legekontor (demo)", "9180", "Skjervøy"),
    ("Burfjord legekontor (demo)", "9161", "Burfjord"),
    ("Kåfjord – Gáivuotna legekontor (demo)", "9146", "Olderdalen"),
    ("Lyngseidet legekontor (demo)", "9060", "Lyngseidet"),
    ("Hatteng legekontor (demo)", "9046", "Oteren"),
)
"""Name, post code, post town; made up."""

GPS_PER_SURGERY = 2
