"""Programme templates: what is measured, what the zones mean, and how a person's limits are found."""

from programmes.propose import Basis, Proposal, propose
from programmes.template import (
    Derived,
    Form,
    Measure,
    RuleTemplate,
    Template,
    TemplateError,
    Zone,
    load_template,
    read_template,
    template_names,
)

__all__ = [
    "Basis",
    "Derived",
    "Form",
    "Measure",
    "Proposal",
    "RuleTemplate",
    "Template",
    "TemplateError",
    "Zone",
    "load_template",
    "propose",
    "read_template",
    "template_names",
]
