"""How good the programmes' alarms are: made-up bodies, worlds that they measure in, and the counting.

    python -m benchmarks.alarm_quality            # the table of docs/alarm-quality.md

Each patient's first 14 days go through `programmes.propose`; the plan is then run over the following weeks
by the engine, and so are two rivals: plain population limits, and fixed limits of the person's own.
"""
