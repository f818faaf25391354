"""What the archive asks of somebody."""

from rostrum.areas.duties.kinds import DutyKind

KINDS = (
    DutyKind(
        "archive.fill-gap",
        "Fill a gap in what was captured",
        "The gap is closed or explained",
        route="archive-captures",
    ),
    DutyKind(
        "archive.restore-record",
        "Restore a stored record",
        "A later check finds the record whole",
        route="archive-captures",
    ),
)
