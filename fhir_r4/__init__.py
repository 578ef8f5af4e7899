"""FHIR R4: reading, mapping to and from the domain, the HTTP client, and the judge beside any server."""
