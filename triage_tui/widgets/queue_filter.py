"""Which rows of the queue are shown: the nurse's choice, in words in the head for as long as it holds."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING

from triage_tui.wording import _, clean
from triage_tui.wording.bands import band_word
from work_items.model import Band

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from local_store.views import Nurse, QueueEntry, QueueView


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Rows have to meet all that is chosen. The row that nothing is chosen in shows the whole queue."""

    bands: tuple[str, ...] = ()
    """Any of these, by word; none: all."""
    mine: bool = False
    unowned: bool = False
    put_off: bool = False
    """Those put off are listed too, after the others."""
    programme: str = ""
    owner: str = ""
    """A colleague's name."""
    text: str = ""
    """Words that all have to be in her name, programme or id."""

    @property
    def holds(self) -> bool:
        """Whether anything is chosen."""
        return self != QueueFilter()

    def chosen(self, view: QueueView, me: Nurse | None) -> tuple[QueueEntry, ...]:
        """The rows to show, in the queue's order; those put off at the end."""
        rows = (*view.entries, *view.put_off) if self.put_off else view.entries
        return tuple(entry for entry in rows if self._lets(entry, me)) if self.holds else rows

    def _lets(self, entry: QueueEntry, me: Nurse | None) -> bool:
        words = self.text.casefold().split()
        person = entry.person
        about = f"{person.name} {person.programme or ''} {person.id} {person.national_id or ''}".casefold()
        return (
            (not self.bands or entry.row.band.word in self.bands)
            and (not self.mine or (me is not None and entry.owner_login == me.login))
            and (not self.unowned or entry.row.items[0].owner is None)
            and (not self.programme or person.programme == self.programme)
            and (not self.owner or entry.owner_name == self.owner)
            and all(word in about for word in words)
        )

    def words(self) -> str:
        """`GUL, mine, kols`: safe to draw."""
        parts = [band_word(band) for band in reversed(Band) if band.word in self.bands]
        parts += [_("mine only")] if self.mine else []
        parts += [_("nobody's")] if self.unowned else []
        parts += [_("put off too")] if self.put_off else []
        parts += [clean(self.programme)] if self.programme else []
        parts += [_("with {name}").format(name=clean(self.owner))] if self.owner else []
        parts += [f"«{clean(self.text)}»"] if self.text else []
        return ", ".join(parts)

    def with_band(self, word: str) -> QueueFilter:
        """A band more, or one fewer."""
        bands = set(self.bands) ^ {word}
        return replace(self, bands=tuple(sorted(bands)))

    def as_dict(self) -> dict[str, object]:
        """For keeping."""
        return asdict(self)


def filter_from(kept: Mapping[str, object]) -> QueueFilter:
    """A filter as it was kept; what isn't understood of it is left out."""
    plain = QueueFilter()
    found: dict[str, object] = {}
    for field in fields(QueueFilter):
        value, default = kept.get(field.name), getattr(plain, field.name)
        if field.name == "bands" and isinstance(value, list | tuple):
            found["bands"] = tuple(sorted(one.word for one in Band if one.word in value))
        elif type(value) is type(default):
            found[field.name] = value
    return QueueFilter(**found)  # type: ignore[arg-type]


def choices(current: str, known: Sequence[str | None]) -> list[str]:
    """What can be chosen one after the other: all, then each that there is."""
    return ["", *sorted({one for one in known if one} | ({current} if current else set()))]
