"""FHIR R4: reading, mapping to and from the domain, the HTTP client, and the judge beside any server.

Nothing is imported here: whoever needs a mapping doesn't pay for the client (docs/fhir.md has the map).
"""
