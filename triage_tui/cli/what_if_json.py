"""What `triage engine what-if --json` prints (docs/cli.md)."""

from __future__ import annotations

from threshold_engine import format_instant, unscaled
from threshold_engine.model import Episode, Instant
from threshold_engine.what_if import Caught, Pair, Tally
from triage_tui.acts.what_if import Tried

Json = dict[str, object]


def what_if_json(tried: Tried, *, alone: bool) -> Json:
    """The whole answer; for one patient her id instead of how many were left out."""
    answer = tried.answer
    said = answer.difference
    whom: Json = {"patient": tried.patients[0]}
    if not alone:
        whom = {
            "patients": len(tried.patients),
            "without": tried.without,
            "planless": tried.planless,
            "refused": [{"patient": patient, "error": str(error)} for patient, error in tried.refused],
        }

    def side(tally: Tally) -> Json:
        return {**_tally(tally), "per_patient_month": unscaled(answer.monthly(tally.both))}

    return {
        **whom,
        "from": format_instant(tried.begin),
        "to": format_instant(answer.now),
        "days": tried.span.days,
        "held_since": _instant(tried.held_since),
        "before": side(answer.before),
        "after": side(answer.after),
        "rules": [
            {
                "rule": rule.rule,
                "changed": rule.changed,
                "before": _tally(rule.before),
                "after": _tally(rule.after),
            }
            for rule in answer.rules
        ],
        "alike": len(said.pairs) - len(said.moved),
        "gone": [_alarm(one) for one in said.gone],
        "come": [_alarm(one) for one in said.come],
        "moved": [_pair(pair) for pair in said.moved],
        "split": [_alarm(one) for one in said.split],
        "merged": [_alarm(one) for one in said.merged],
        "deteriorations": [_caught(caught) for caught in answer.deteriorations],
    }


def _tally(tally: Tally) -> Json:
    return {"yellow": tally.yellow, "red": tally.red}


def _alarm(episode: Episode) -> Json:
    return {
        "patient": episode.patient,
        "rule": episode.rule,
        "onset": format_instant(episode.onset),
        "cleared": _instant(episode.cleared),
        "peak": episode.peak.word,
    }


def _pair(pair: Pair) -> Json:
    return {"before": _alarm(pair.before), "after": _alarm(pair.after), "later_s": pair.later / 1000}


def _caught(caught: Caught) -> Json:
    known, later = caught.deterioration, caught.later
    return {
        "patient": known.patient,
        "from": format_instant(known.start),
        "to": _instant(known.end),
        "before": _instant(caught.before),
        "after": _instant(caught.after),
        "later_s": None if later is None else later / 1000,
    }


def _instant(at: Instant | None) -> str | None:
    return None if at is None else format_instant(at)
