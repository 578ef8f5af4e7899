"""The embedded FHIR server of a small follow-up centre."""
