"""What moderation asks of somebody."""

from rostrum.areas.duties.kinds import DutyKind, pages_at
from rostrum.areas.moderation.models import Block, Removal

KINDS = (
    DutyKind(
        "moderation.referral",
        "Answer a referred comment",
        "What was done about it is said",
        route="assessment",
        takes_subject=True,
    ),
    DutyKind(
        "moderation.safety-alert",
        "Safety: see to a comment",
        "What was done about it is said",
        route="assessment",
        takes_subject=True,
    ),
    DutyKind(
        "moderation.removal-trouble",
        "See to a removal that was not carried out",
        "The platform carried it out, or it was taken back",
        find_pages=pages_at("assessment", Removal, "assessment__public_id"),
    ),
    DutyKind(
        "moderation.carry-out-block",
        "Block somebody on the platform",
        "A moderator says that it is done, or the block is given up",
        find_pages=pages_at("assessment", Block, "removal__assessment__public_id"),
    ),
    DutyKind(
        "moderation.lift-block",
        "End a block on the platform",
        "A moderator says that it is lifted",
        find_pages=pages_at("assessment", Block, "removal__assessment__public_id"),
    ),
)
