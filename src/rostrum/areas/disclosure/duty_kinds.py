"""What records requests ask of somebody."""

from rostrum.areas.duties.kinds import DutyKind

KINDS = (
    DutyKind(
        "request.respond",
        "Respond to a records request",
        "The determination is made, or the request is withdrawn",
        route="request",
        takes_subject=True,
    ),
)
