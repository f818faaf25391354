"""What the archive asks of somebody."""

from rostrum.areas.duties.kinds import DutyKind

KINDS = (
    DutyKind(
        "archive.judge-substance",
        "Say whether a text concerns the body's business",
        "A custodian answers, on the words alone",
        route="archive-substance-question",
        takes_subject=True,
    ),
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
