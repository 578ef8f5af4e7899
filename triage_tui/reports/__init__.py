"""What a centre reports: the handover of a shift, indicators, the load of alarms; and how it is written."""
