"""Choices in a form, each with the key that chooses it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment
from textual.strip import Strip

from triage_tui.widgets.marks import BOLD, KEY, PLAIN, fit


@dataclass(frozen=True, slots=True)
class Choice:
    """One of them; the words are safe to draw."""

    key: str
    words: str
    chosen: bool = False


def choice_lines(choices: Sequence[Choice], width: int, columns: int = 1) -> list[Strip]:
    """The choices, down one column after the other."""
    rows = -(-len(choices) // columns)
    column = max(20, (width - 2) // columns)
    return [
        Strip([part for choice in choices[row::rows] for part in _segments(choice, column)])
        for row in range(rows)
    ]


def picked_lines(texts: Sequence[str], chosen: int, width: int, height: int) -> list[Strip]:
    """Lines of which one is picked by ↑↓, as many as there is room for around it."""
    first = max(0, min(chosen - height // 2, len(texts) - height))
    return [
        Strip(
            [
                Segment(" ▶ " if at == chosen else "   "),
                Segment(fit(texts[at], width - 4), BOLD if at == chosen else PLAIN),
            ]
        )
        for at in range(first, min(len(texts), first + height))
    ]


def _segments(choice: Choice, width: int) -> list[Segment]:
    return [
        Segment(" ▶ " if choice.chosen else "   "),
        Segment(choice.key, KEY),
        Segment(fit(f"  {choice.words}", width - 3 - len(choice.key)), BOLD if choice.chosen else PLAIN),
    ]
