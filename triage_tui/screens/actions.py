"""All that a key can do: one table for the bindings, the key line, the help and the palette."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from textual.binding import Binding, BindingType

from triage_tui.keymaps.key_names import shown_key
from triage_tui.widgets.line_keys import LINE_KEYS
from triage_tui.wording import N_, _

if TYPE_CHECKING:
    from triage_tui.keymaps.keymap import Keymap


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a key does on a screen."""

    id: str
    """For keymaps: `patient.note`."""
    keys: str
    """As Textual names them."""
    shown: str
    """As the nurse reads them."""
    call: str
    """Textual's action."""
    word: str
    """A word or two for the key line, a msgid."""
    help: str
    """A sentence for the help and the palette, a msgid."""
    on_key_line: bool = True
    priority: bool = False

    @property
    def binding(self) -> Binding:
        """As Textual wants it; the words are put in where they are drawn."""
        return Binding(self.keys, self.call, self.word, show=False, id=self.id, priority=self.priority)

    def under(self, keymap: Keymap) -> Action:
        """The same action with the keys that a keymap gives it."""
        keys = keymap.keys.get(self.id)
        if keys is None:
            return self
        return replace(self, keys=",".join(keys), shown=shown_key(keys[0]))


SEARCH: Final = Action(
    "app.search", "s", "s", "app.search", N_("search"), N_("Search for a patient"), on_key_line=False
)
PALETTE: Final = Action(
    "app.palette",
    "colon,ctrl+p",
    ":",
    "app.command_palette",
    N_("commands"),
    N_("Everything that can be done"),
    on_key_line=False,
)
HELP: Final = Action(
    "app.help", "question_mark", "?", "app.help", N_("help"), N_("The keys of this screen"), on_key_line=False
)
EVERYWHERE: Final = (
    Action("app.queue", "f2", "F2", "app.queue", N_("queue"), N_("Go to the queue"), on_key_line=False),
    SEARCH,
    Action(
        "app.patients",
        "f3",
        "F3",
        "app.patients",
        N_("patients"),
        N_("All of the centre's patients"),
        on_key_line=False,
    ),
    Action(
        "app.handover",
        "v",
        "v",
        "app.handover",
        N_("handover"),
        N_("The handover of the shift"),
        on_key_line=False,
    ),
    Action(
        "app.outbox",
        "f4",
        "F4",
        "app.outbox",
        N_("unsent"),
        N_("What the server doesn't have, and conflicts"),
        on_key_line=False,
    ),
    Action("app.sync", "f5", "F5", "app.sync", N_("sync"), N_("Sync now"), on_key_line=False),
    PALETTE,
    HELP,
    Action(
        "app.jump",
        "j",
        "j",
        "app.jump",
        N_("jump"),
        N_("Go to something here by a letter"),
        on_key_line=False,
    ),
    Action(
        "app.lock",
        "f9",
        "F9",
        "app.lock",
        N_("lock"),
        N_("Lock the screen"),
        on_key_line=False,
        priority=True,  # from within a form too
    ),
    Action("app.quit", "f10", "F10", "app.leave", N_("quit"), N_("Quit"), on_key_line=False),
)

ACTS: Final = (
    Action("patient.take", "t", "t", "take", N_("take"), N_("Take the patient, or give her back")),
    Action("patient.contact", "k", "k", "contact", N_("contact"), N_("Record a phone call or a video call")),
    Action("patient.note", "n", "n", "note", N_("note"), N_("Write a note")),
    Action("patient.escalate", "l", "l", "escalate", N_("escalate"), N_("Escalate to the GP or another")),
    Action("patient.shelve", "u", "u", "shelve", N_("put off"), N_("Put an alert off until later")),
    Action(
        "patient.undo",
        "U",
        "U",
        "undo",
        N_("undo"),
        N_("Take back the last thing done, as long as it is unsent"),
        on_key_line=False,
    ),
    Action("patient.complete", "f", "f", "complete", N_("complete"), N_("Complete an alert with an outcome")),
    Action(
        "patient.message",
        "m",
        "m",
        "message",
        N_("message"),
        N_("Messages, and an answer"),
        on_key_line=False,
    ),
    Action(
        "patient.reading",
        "r",
        "r",
        "reading",
        N_("reading"),
        N_("Type in what she tells by phone"),
        on_key_line=False,
    ),
    Action(
        "patient.pause", "P", "P", "pause", N_("pause"), N_("Pause her plan, or resume it"), on_key_line=False
    ),
)

NEW: Final = Action("queue.new", "g", "g", "new", N_("new ones"), N_("Go to the new ones"), on_key_line=False)
FILTER: Final = Action(
    "queue.filter",
    "F",
    "F",
    "filter",
    N_("filter"),
    N_("Show some rows only, or those put off too"),
    on_key_line=False,
)
UNFILTER: Final = Action(
    "queue.unfilter", "X", "X", "unfilter", N_("all rows"), N_("Show all rows again"), on_key_line=False
)
QUEUE: Final = (
    Action("queue.open", "enter", "enter", "open", N_("open"), N_("Open the patient")),
    *ACTS,
    NEW,
    FILTER,
    UNFILTER,
    Action(
        "queue.mark",
        "b",
        "b",
        "mark",
        N_("mark"),
        N_("Mark a blue row, to do the same to several"),
        on_key_line=False,
    ),
    Action(
        "queue.many",
        "M",
        "M",
        "many",
        N_("together"),
        N_("Complete or put off several blue alerts of one kind together"),
        on_key_line=False,
    ),
)

PATIENT: Final = (
    Action("patient.back", "escape", "esc", "back", N_("back"), N_("Back to the queue")),
    *ACTS,
    Action(
        "patient.what-if",
        "h",
        "h",
        "what_if",
        N_("what if"),
        N_("Try other limits on what she has measured"),
        on_key_line=False,
    ),
    Action(
        "patient.reading-error",
        "x",
        "x",
        "wrong",
        N_("wrong"),
        N_("Mark a reading as wrong"),
        on_key_line=False,
    ),
    Action(
        "patient.correct",
        "c",
        "c",
        "correct",
        N_("correct"),
        N_("Correct what I have written"),
        on_key_line=False,
    ),
    Action("trend.other", "right", "→", "measure(1)", N_("measure"), N_("Next measure"), on_key_line=False),
    Action(
        "trend.before", "left", "←", "measure(-1)", N_("measure"), N_("Previous measure"), on_key_line=False
    ),
    Action("trend.longer", "plus", "+", "days(1)", N_("longer"), N_("Show more days"), on_key_line=False),
    Action(
        "trend.shorter", "minus", "−", "days(-1)", N_("shorter"), N_("Show fewer days"), on_key_line=False
    ),
    Action("trend.table", "T", "T", "table", N_("table"), N_("The trend as a table, or as a plot")),
    Action("trend.stack", "S", "S", "stack", N_("all measures"), N_("Several measures on one axis of time")),
    Action(
        "readings.only",
        "F",
        "F",
        "only",
        N_("filter"),
        N_("Readings of one measure only, or of all"),
        on_key_line=False,
    ),
    Action("patient.older", "o", "o", "older", N_("older"), N_("Fetch what is older than 90 days")),
    Action("patient.next", "f6", "F6", "neighbour(1)", N_("next"), N_("Next patient who needs somebody")),
    Action(
        "patient.previous",
        "f7",
        "F7",
        "neighbour(-1)",
        N_("previous"),
        N_("Previous patient who needs somebody"),
        on_key_line=False,
    ),
    Action("tab.overview", "1", "1", "tab('overview')", N_("overview"), N_("Overview"), on_key_line=False),
    Action("tab.readings", "2", "2", "tab('readings')", N_("readings"), N_("Readings"), on_key_line=False),
    Action("tab.forms", "3", "3", "tab('forms')", N_("forms"), N_("Answered forms"), on_key_line=False),
    Action("tab.plan", "4", "4", "tab('plan')", N_("plan"), N_("The plan and its limits"), on_key_line=False),
    Action("tab.timeline", "5", "5", "tab('timeline')", N_("timeline"), N_("Timeline"), on_key_line=False),
    Action("tab.messages", "6", "6", "tab('messages')", N_("messages"), N_("Messages"), on_key_line=False),
    Action("tab.pictures", "7", "7", "tab('pictures')", N_("pictures"), N_("Pictures"), on_key_line=False),
)


OUTBOX: Final = (
    Action("outbox.mine", "m", "m", "keep_mine", N_("keep mine"), N_("Conflict: what I did counts")),
    Action("outbox.theirs", "d", "d", "keep_theirs", N_("keep theirs"), N_("Conflict: what they did counts")),
    Action("outbox.retry", "r", "r", "retry", N_("try again"), N_("Send it again")),
    Action("outbox.mend", "e", "e", "mend", N_("correct"), N_("Correct its text, and send it again")),
    Action("outbox.withdraw", "w", "w", "withdraw", N_("withdraw"), N_("Take it back, with a reason")),
    Action("outbox.open", "enter", "enter", "open", N_("open"), N_("Open the patient")),
    Action("outbox.back", "escape", "esc", "back", N_("back"), N_("Back to where you were")),
)

HANDOVER: Final = (
    Action("handover.back", "escape", "esc", "back", N_("back"), N_("Back to where you were")),
    Action("handover.save", "p", "p", "save", N_("save"), N_("Save the report into a file")),
    Action("handover.again", "r", "r", "again", N_("make anew"), N_("Make the report anew")),
)

PATIENTS: Final = (
    Action("patients.open", "enter", "enter", "open", N_("open"), N_("Open the patient")),
    Action("patients.sort", "o", "o", "sort", N_("order"), N_("Another order of the patients")),
    Action("patients.find", "F", "F", "find", N_("find"), N_("Show only those whose name has it")),
    Action("patients.back", "escape", "esc", "back", N_("back"), N_("Back to where you were")),
)

LIST: Final = tuple(
    Action(
        binding.id or "",
        binding.key,
        shown_key(binding.key),
        binding.action,
        binding.description,
        binding.description,
        on_key_line=False,
    )
    for binding in LINE_KEYS
)
"""What the list or text does that has the focus."""

PLACES: Final = {
    "queue": (*QUEUE, *LIST, *EVERYWHERE),
    "patient": (*PATIENT, *LIST, *EVERYWHERE),
    "outbox": (*OUTBOX, *LIST, *EVERYWHERE),
    "patients": (*PATIENTS, *LIST, *EVERYWHERE),
    "handover": (*HANDOVER, *LIST, *EVERYWHERE),
}
"""For each screen all actions that hold on it at the same time: no key may mean two of them."""


def bindings_of(actions: Iterable[Action]) -> list[BindingType]:
    """The bindings of a screen."""
    return [action.binding for action in actions]


def key_line(actions: Sequence[Action]) -> list[tuple[str, str]]:
    """Key and word of what stands on the key line."""
    return [(action.shown, _(action.word)) for action in actions if action.on_key_line]
