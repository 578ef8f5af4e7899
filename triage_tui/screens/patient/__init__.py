"""The tabs of the patient's page, each a file."""
