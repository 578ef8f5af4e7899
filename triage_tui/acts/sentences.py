"""Why an act is refused and what to do instead: English message ids, facts in braces."""

from __future__ import annotations

from typing import Final

from work_items.refusal import RefusalReason

NO_SUCH_ITEM: Final = "There is no work item {task}. Copy its number from the queue, or sync first."
NO_SUCH_PATIENT: Final = "There is no patient {patient} here. Copy the number from the queue, or sync first."
NOT_HERS: Final = "Work item {task} is about another patient. Name one of this patient's, or none."
CLOSED: Final = "It is closed already ({outcome}). Write a note if there is more to say."
HELD: Final = "{owner} has taken this patient. Use takeover if you are to go on with her."
YOURS: Final = "You have this patient already."
NOBODYS: Final = "Nobody has taken it, so there is nothing to give back."
NO_TEXT: Final = "There is no text. Write what is to be remembered."
PAST: Final = "The time to come back is past. Give a later one."
RED_NOT_SHELVED: Final = (
    "Red can't be put off before somebody was reached or it was escalated. Ring, or escalate."
)
OPEN_ALREADY: Final = "Work about the same is open already. Take that one."
NO_SUCH_ACT: Final = "There is no act {op} of yours here. Copy its number from the outbox."
SENT_ALREADY: Final = (
    "The server has it already, so it can't be withdrawn. Release, reopen or correct what you did."
)
WITHDRAWN_ALREADY: Final = "It is withdrawn already. Do it again if it is needed after all."
NOTHING_TO_UNDO: Final = "Nothing that you did with this patient waits to be sent, so nothing can be undone."
NO_CONFLICT: Final = "It isn't in conflict with anything. See the outbox for how it stands."
NOT_REFUSED: Final = "It waits to be sent, and needs no help. See the outbox for how it stands."
NO_TEXT_TO_MEND: Final = "It has no text that can be corrected. Try it again, or withdraw it."
UNDONE_MEANWHILE: Final = "It was withdrawn meanwhile: what it was about never was. Choose theirs."
NO_OUTCOME: Final = "{outcome} is no outcome. Choose one of: {outcomes}."
NO_SUCH_MEASURE: Final = "{code} can't be typed in. Choose one of: {codes}."
NO_VALUE: Final = "{value} is no value of {code}. Write it like {example}."
NOT_YET: Final = "That time hasn't come yet. Give the time when it was measured."
NO_SUCH_READING: Final = "There is no reading {reading} here. Copy its id from `triage show --json`."
WRONG_ALREADY: Final = "That reading is marked as wrong already."
NOT_A_READING: Final = (
    "An answer to a form can't be marked as wrong. Write a note that says what it should have been."
)
NO_LIMIT: Final = "{value} is no number. Write a limit like 88 or 2,5."
NO_REASON: Final = "There is no reason. Say in a few words why."
NO_HELPER: Final = "{helper} is nobody to escalate to. Choose one of: {helpers}."
NO_PLAN_TO_PAUSE: Final = (
    "This patient has no plan in force that can be read, so there is nothing to pause. Sync first."
)
NO_PLAN_TO_END: Final = "This patient has no plan in force, so there is no follow-up to end. Sync first."
ENDS_BEFORE: Final = "The pause would end before it begins. Give a later end, or none."
PAUSED_ALREADY: Final = "She is paused then already. Resume first if the pause is to be another."
NOT_PAUSED: Final = "She isn't paused, and no pause is planned."
NOT_WRITTEN: Final = "There is no note, contact or message {op} here. Copy its number from the timeline."
ANOTHERS: Final = "{author} wrote it. Write a note of your own that says what is right."
CORRECTED_ALREADY: Final = "It was corrected already. Correct the newer one: {op}."
NO_PLAN_TO_TRY: Final = (
    "This patient has no plan that can be read, so there are no limits to try. Sync first."
)
NOBODY_HAS_IT: Final = "Nobody's plan in force has a rule {rules}. The rules in force are: {known}."

BY_REASON: Final[dict[RefusalReason, str]] = {
    "closed": "It is closed already. Write a note if there is more to say.",
    "judge-only": "Only the system itself closes an item so. Choose what you did about it.",
    "outcome-not-for-red": "A red item can't end so. Reach the patient or somebody else, or escalate.",
    "red-needs-contact": (
        "Red can't be completed before somebody was reached or it was escalated. Ring, or escalate."
    ),
    "red-needs-contact-or-note": (
        "Red can't be completed before somebody was reached, it was escalated, or a note says why."
        " Write the note with it."
    ),
    "until-is-past": "That time is past. Give a later one.",
    "until-is-too-late": "That is too long to put it off: {latest_at} at the latest. Give an earlier time.",
    "closed-today": "The centre has closed for today, so red can't be put off. Act on it, or give it back.",
    "not-blue": "Only blue items can be done together. Do this one by itself.",
    "mixed-kinds": "Only items of one kind can be done together. Choose fewer.",
    "not-completed": "Only what was completed can be reopened. Look at it in the queue, or sync first.",
    "not-reopened": "Who follows up an escalation is told by its answer. Escalate again if that is needed.",
}
"""What the rules of work items say no to (work_items.Refusal)."""

PATTERNS: Final = (
    NO_SUCH_ITEM,
    NO_SUCH_PATIENT,
    NOT_HERS,
    CLOSED,
    HELD,
    YOURS,
    NOBODYS,
    NO_TEXT,
    PAST,
    RED_NOT_SHELVED,
    OPEN_ALREADY,
    NO_SUCH_ACT,
    SENT_ALREADY,
    WITHDRAWN_ALREADY,
    NOTHING_TO_UNDO,
    NO_CONFLICT,
    NOT_REFUSED,
    NO_TEXT_TO_MEND,
    UNDONE_MEANWHILE,
    NO_OUTCOME,
    NO_SUCH_MEASURE,
    NO_VALUE,
    NOT_YET,
    NO_SUCH_READING,
    WRONG_ALREADY,
    NOT_A_READING,
    NO_LIMIT,
    NO_REASON,
    NO_HELPER,
    NO_PLAN_TO_PAUSE,
    NO_PLAN_TO_END,
    ENDS_BEFORE,
    PAUSED_ALREADY,
    NOT_PAUSED,
    NOT_WRITTEN,
    ANOTHERS,
    CORRECTED_ALREADY,
    NO_PLAN_TO_TRY,
    NOBODY_HAS_IT,
    *BY_REASON.values(),
)
"""All of them, for the catalogues."""
