"""What governance keeps, topic by topic. Tables and constraints; nothing here decides."""

from rostrum.areas.governance.models.acknowledgements import OPEN_STATES, Certification, _certification_id
from rostrum.areas.governance.models.directives import (
    Directive,
    DirectiveDelivery,
    DirectiveSuggestion,
    _delivery_id,
    _directive_id,
)
from rostrum.areas.governance.models.packs import Body, LocalChoice, PackActivation, _activation_id
from rostrum.areas.governance.models.policies import PolicyDocument, PolicyReading, PolicyText, _document_id, _text_id
from rostrum.areas.governance.models.questions import (
    SupervisorQuestion,
    _question_id,
)
from rostrum.areas.governance.models.security import (
    BlockedSite,
    Persona,
    PersonaException,
    _exception_id,
    _persona_id,
    _site_id,
)
from rostrum.areas.governance.models.training import (
    BodyTraining,
    Bulletin,
    BulletinReading,
    TrainingAssignment,
    TrainingCompletion,
    _assignment_id,
    _bulletin_id,
    _completion_id,
    _training_id,
)

__all__ = [
    "OPEN_STATES",
    "BlockedSite",
    "Body",
    "BodyTraining",
    "Bulletin",
    "BulletinReading",
    "Certification",
    "Directive",
    "DirectiveDelivery",
    "DirectiveSuggestion",
    "LocalChoice",
    "PackActivation",
    "Persona",
    "PersonaException",
    "PolicyDocument",
    "PolicyReading",
    "PolicyText",
    "SupervisorQuestion",
    "TrainingAssignment",
    "TrainingCompletion",
    # Named by the migrations.
    "_activation_id",
    "_assignment_id",
    "_bulletin_id",
    "_certification_id",
    "_completion_id",
    "_delivery_id",
    "_directive_id",
    "_document_id",
    "_exception_id",
    "_persona_id",
    "_question_id",
    "_site_id",
    "_text_id",
    "_training_id",
]
