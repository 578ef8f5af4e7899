"""The judge beside any FHIR server: it reads what has changed over HTTP, judges, and writes what is found."""
