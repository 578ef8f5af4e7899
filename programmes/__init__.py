"""Programme templates: what is measured, what the zones mean, and how a person's limits are found."""

from programmes.basis import Basis
from programmes.catalogue import load_template, read_template, template_names
from programmes.propose import Proposal, propose
from programmes.template import (
    Derived,
    Distance,
    Form,
    Measure,
    RuleTemplate,
    Template,
    TemplateError,
    Term,
    Zone,
)

__all__ = [
    "Basis",
    "Derived",
    "Distance",
    "Form",
    "Measure",
    "Proposal",
    "RuleTemplate",
    "Template",
    "TemplateError",
    "Term",
    "Zone",
    "load_template",
    "propose",
    "read_template",
    "template_names",
]
