"""FHIR's search: what is indexed, how a search is read and answered."""
