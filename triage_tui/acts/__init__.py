"""What a nurse does, each act a file: its effect, its outbox row and its line in the log, in one commit."""

from triage_tui.acts.complete import complete
from triage_tui.acts.contact import contact
from triage_tui.acts.correct import correct
from triage_tui.acts.done import ActDone
from triage_tui.acts.end_follow_up import end_follow_up
from triage_tui.acts.escalate import escalate
from triage_tui.acts.message import message, open_messages
from triage_tui.acts.note import note
from triage_tui.acts.pause import pause, resume
from triage_tui.acts.reading import reading
from triage_tui.acts.reading_error import reading_error
from triage_tui.acts.refused import ActRefused
from triage_tui.acts.release import release
from triage_tui.acts.reopen import reopen
from triage_tui.acts.resolve import keep_mine, keep_theirs
from triage_tui.acts.retry import mend, retry
from triage_tui.acts.shelve import shelve
from triage_tui.acts.take import take
from triage_tui.acts.takeover import takeover
from triage_tui.acts.together import complete_many, shelve_many
from triage_tui.acts.withdraw import undo, withdraw

__all__ = [
    "ActDone",
    "ActRefused",
    "complete",
    "complete_many",
    "contact",
    "correct",
    "end_follow_up",
    "escalate",
    "keep_mine",
    "keep_theirs",
    "mend",
    "message",
    "note",
    "open_messages",
    "pause",
    "reading",
    "reading_error",
    "release",
    "reopen",
    "resume",
    "retry",
    "shelve",
    "shelve_many",
    "take",
    "takeover",
    "undo",
    "withdraw",
]
