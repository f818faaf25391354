"""The kinds of duties that assurance opens."""

from rostrum.areas.duties.kinds import DutyKind

KINDS = (
    DutyKind(
        "assurance.review-activity",
        "Review activity on official channels",
        "The next review is completed",
        route="review",
        takes_subject=True,
    ),
)
