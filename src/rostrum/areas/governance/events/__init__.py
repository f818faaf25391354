"""What the governance area records, topic by topic."""

from rostrum.areas.governance.events.acknowledgements import (
    CertificateKept,
    CertificationEnded,
    CertificationReturned,
    CertificationsChased,
    PolicyCertified,
    PolicyDelivered,
    PolicyOpened,
    PolicyRead,
)
from rostrum.areas.governance.events.directives import (
    DirectiveIssued,
    DirectiveReached,
    DirectiveSuggested,
    SuggestionAnswered,
)
from rostrum.areas.governance.events.packs import BodyEstablished, ChoiceMade, PacksActivated
from rostrum.areas.governance.events.policies import (
    PolicyReadingConfirmed,
    PolicyTextEntered,
    PolicyTextPutInForce,
    RelatedPolicyListed,
    RelatedPolicyWithdrawn,
)
from rostrum.areas.governance.events.questions import (
    SupervisorAnswered,
    SupervisorAsked,
)
from rostrum.areas.governance.events.security import (
    PersonaExceptionAsked,
    PersonaExceptionDecided,
    PersonaExceptionEnded,
    PersonaRegistered,
    SiteBlocked,
    SiteUnblocked,
)
from rostrum.areas.governance.events.training import (
    BulletinIssued,
    BulletinRead,
    TrainingAssigned,
    TrainingAssignmentEnded,
    TrainingCompleted,
    TrainingEntered,
    TrainingRetired,
)

__all__ = [
    "BodyEstablished",
    "BulletinIssued",
    "BulletinRead",
    "CertificateKept",
    "CertificationEnded",
    "CertificationReturned",
    "CertificationsChased",
    "ChoiceMade",
    "DirectiveIssued",
    "DirectiveReached",
    "DirectiveSuggested",
    "PacksActivated",
    "PersonaExceptionAsked",
    "PersonaExceptionDecided",
    "PersonaExceptionEnded",
    "PersonaRegistered",
    "PolicyCertified",
    "PolicyDelivered",
    "PolicyOpened",
    "PolicyRead",
    "PolicyReadingConfirmed",
    "PolicyTextEntered",
    "PolicyTextPutInForce",
    "RelatedPolicyListed",
    "RelatedPolicyWithdrawn",
    "SiteBlocked",
    "SiteUnblocked",
    "SuggestionAnswered",
    "SupervisorAnswered",
    "SupervisorAsked",
    "TrainingAssigned",
    "TrainingAssignmentEnded",
    "TrainingCompleted",
    "TrainingEntered",
    "TrainingRetired",
]
