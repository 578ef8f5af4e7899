"""This console's own judging: the server's judge, over the cache (docs/sync.md, "Judging here")."""

from triage_tui.sync.local_judging.judge import LocalJudge, judge_locally

__all__ = ["LocalJudge", "judge_locally"]
