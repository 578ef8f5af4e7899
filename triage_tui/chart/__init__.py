"""What the tabs of a patient's page tell beyond the readings: forms, plan, messages, escalations, pictures.

Read from the resources that the cache keeps as they came; told in plain lines, which the console draws and
`triage show` prints.
"""
