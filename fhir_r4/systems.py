"""The URIs that our FHIR speaks: identifier systems, code systems, extensions (docs/fhir.md)."""

from __future__ import annotations

from typing import Final

# Identifiers
URI: Final = "urn:ietf:rfc:3986"
"""System of an identifier whose value is itself a URI: `urn:uuid:…`."""
UUID_PREFIX: Final = "urn:uuid:"
NATIONAL_NUMBER: Final = "urn:oid:2.16.578.1.12.4.1.4.1"
"""Fødselsnummer."""
D_NUMBER: Final = "urn:oid:2.16.578.1.12.4.1.4.2"
SHARED_HELP_NUMBER: Final = "urn:oid:2.16.578.1.12.4.1.4.3"
"""Felles hjelpenummer."""
HPR_NUMBER: Final = "urn:oid:2.16.578.1.12.4.1.4.4"
ORGANISATION_NUMBER: Final = "urn:oid:2.16.578.1.12.4.1.4.101"
HER_ID: Final = "urn:oid:2.16.578.1.12.4.1.2"
PERSONAL_NUMBERS: Final = (NATIONAL_NUMBER, D_NUMBER, SHARED_HELP_NUMBER)
"""In the order in which one is picked to stand for a person."""

OURS: Final = "http://triage-tui.org/fhir"
USER: Final = f"{OURS}/user"
"""Practitioner.identifier: the login name."""

# Code systems of ours
WORK: Final = f"{OURS}/work"
"""Task.code."""
OUTCOME: Final = f"{OURS}/outcome"
"""Task.businessStatus."""
COMMUNICATION: Final = f"{OURS}/communication"
"""Communication.category: `note`, `contact`, `message`."""
MEDIUM: Final = f"{OURS}/medium"
"""Communication.medium: `app`."""
OP: Final = f"{OURS}/op"
"""AuditEvent.meta.tag: what makes its creation idempotent."""
RULE: Final = f"{OURS}/rule"
"""DetectedIssue.code: our rule id."""
ZONE: Final = f"{OURS}/zone"
"""CarePlan.activity.detail.code: `green`, `yellow`, `red`."""
ESCALATED_TO: Final = f"{OURS}/escalated-to"
"""ServiceRequest.performerType: `gp`, `legevakt`, `113`, `next-of-kin`, `home-care`."""
ESCALATION_STATE: Final = f"{OURS}/escalation-state"
"""Task.businessStatus of an escalation under way: `sent`, `received`, `answered`, `refused`, `overdue`."""
CODE: Final = f"{OURS}/code"
"""Codes of our own on DetectedIssue.implicated, where a measure has no LOINC code."""

BASIC: Final = f"{OURS}/basic"
"""Basic.code and Basic.identifier: `judge-lease`."""

# Extensions of ours
_EXTENSION: Final = f"{OURS}/StructureDefinition"
ENGINE_PLAN: Final = f"{_EXTENSION}/engine-plan"
ENGINE_PLAN_APPROVALS: Final = f"{_EXTENSION}/engine-plan-approvals"
ENGINE_EPISODE: Final = f"{_EXTENSION}/engine-episode"
FORM_MAPPING: Final = f"{_EXTENSION}/form-mapping"
"""CarePlan: which form answers stand for which of the engine's codes."""
TOUCHED: Final = f"{_EXTENSION}/touched"
SHELVED_UNTIL: Final = f"{_EXTENSION}/shelved-until"
WORK_ITEM: Final = f"{_EXTENSION}/work-item"
"""Task: `what`, `n`, `mark`, `earlier-outcome`, `kind` of a work item."""
REPLACED_BY: Final = f"{_EXTENSION}/replaced-by"
"""DetectedIssue and Task: the published one that this turned out to be the same as."""
CORRECTS: Final = f"{_EXTENSION}/corrects"
JUDGE_LEASE: Final = f"{_EXTENSION}/judge-lease"
"""Basic: `holder`, `until`, `renewals` of the lease of the judge beside a server."""
OFFLINE: Final = f"{_EXTENSION}/offline"

# Code systems of others
LOINC: Final = "http://loinc.org"
SNOMED: Final = "http://snomed.info/sct"
UCUM: Final = "http://unitsofmeasure.org"
ALERT_CODE: Final = "http://ehelse.no/fhir/CodeSystem/vkp-alert-code-v090"
CARE_PLAN_CATEGORY: Final = "http://ehelse.no/fhir/CodeSystem/vkp-careplan-category-v090"
SELF_TREATMENT_PLAN: Final = "2"
"""Of `CARE_PLAN_CATEGORY`: egenbehandlingsplan."""
PARTICIPATION_MODE: Final = "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode"
NOT_DONE_REASON: Final = "http://terminology.hl7.org/CodeSystem/communication-not-done-reason"
AUDIT_TYPE: Final = "http://terminology.hl7.org/CodeSystem/audit-event-type"
RESTFUL_INTERACTION: Final = "http://hl7.org/fhir/restful-interaction"
ACT_REASON: Final = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
AUDIT_ENTITY_TYPE: Final = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
AUDIT_OBJECT_ROLE: Final = "http://terminology.hl7.org/CodeSystem/object-role"

BLOOD_PRESSURE_PANELS: Final = ("85354-9", "55284-4")
