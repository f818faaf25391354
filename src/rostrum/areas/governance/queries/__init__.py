"""Reads of the governance area, topic by topic."""

from rostrum.areas.governance.queries.acknowledgements import (
    certification_of,
    certify_facts,
    has_deliveries,
    is_certified,
    overdue_certifications,
    owed_by,
    visible_certifications,
)
from rostrum.areas.governance.queries.directives import (
    capture_choice,
    platforms_captured_by_people,
)
from rostrum.areas.governance.queries.granting import granting_facts, may_be_granted
from rostrum.areas.governance.queries.packs import (
    activation,
    activations,
    body,
    body_name,
    changed_packs,
    choice,
    choices,
    coverage_by_class,
    coverage_of,
    names_of_the_body,
    policy,
    raised_advice,
    unsaid,
)
from rostrum.areas.governance.queries.policies import policies_to_read, related_policies, text_in_force, unlisted_kinds
from rostrum.areas.governance.queries.training import (
    has_assignments,
    is_completed,
    open_assignments,
    overdue_assignments,
    trainings,
    unread_bulletins,
)

__all__ = [
    "activation",
    "activations",
    "body",
    "body_name",
    "capture_choice",
    "certification_of",
    "certify_facts",
    "changed_packs",
    "choice",
    "choices",
    "coverage_by_class",
    "coverage_of",
    "granting_facts",
    "has_assignments",
    "has_deliveries",
    "is_certified",
    "is_completed",
    "may_be_granted",
    "names_of_the_body",
    "open_assignments",
    "overdue_assignments",
    "overdue_certifications",
    "owed_by",
    "platforms_captured_by_people",
    "policies_to_read",
    "policy",
    "raised_advice",
    "related_policies",
    "text_in_force",
    "trainings",
    "unlisted_kinds",
    "unread_bulletins",
    "unsaid",
    "visible_certifications",
]
