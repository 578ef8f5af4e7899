"""The limits of a plan over time, for drawing them in a trend: those in force at each time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from local_store.views import LimitSpan
from threshold_engine import Plan
from threshold_engine.model import Instant, Scaled
from threshold_engine.rules import LimitRule, Limits


def limit_spans(plan: Plan | None) -> Mapping[str, tuple[LimitSpan, ...]]:
    """Code → its limits, oldest first. Of several limit rules on one code the tighter limit is drawn."""
    spans: dict[str, list[LimitSpan]] = defaultdict(list)
    versions = plan.versions if plan else ()
    for index, version in enumerate(versions):
        end = versions[index + 1].valid_from if index + 1 < len(versions) else None
        of_code: dict[str, list[Limits]] = defaultdict(list)
        for rule in version.rules:
            if isinstance(rule, LimitRule):
                of_code[rule.code].append(rule.limits)
        for code, limits in of_code.items():
            _add(spans[code], _span(version.valid_from, end, limits))
    return {code: tuple(found) for code, found in spans.items()}


def _span(start: Instant, end: Instant | None, limits: list[Limits]) -> LimitSpan:
    return LimitSpan(
        start,
        end,
        red_below=_tightest(max, (one.red_below for one in limits)),
        yellow_below=_tightest(max, (one.yellow_below for one in limits)),
        yellow_above=_tightest(min, (one.yellow_above for one in limits)),
        red_above=_tightest(min, (one.red_above for one in limits)),
    )


def _tightest(choose: Callable[[list[Scaled]], Scaled], limits: Iterable[Scaled | None]) -> Scaled | None:
    given = [limit for limit in limits if limit is not None]
    return choose(given) if given else None


def _add(spans: list[LimitSpan], span: LimitSpan) -> None:
    """Add a span; where the limits didn't change with the version, prolong the last one."""
    if spans and spans[-1] == replace(span, start=spans[-1].start, end=span.start):
        spans[-1] = replace(spans[-1], end=span.end)
    else:
        spans.append(span)
