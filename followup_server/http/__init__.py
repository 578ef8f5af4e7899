"""The FHIR interface over HTTP, and what is beside it."""
