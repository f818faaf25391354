"""What the law packs say about records requests: clocks, fee rules, exemptions. Figures are theirs, never ours."""

from datetime import datetime

from rostrum.areas.disclosure.rules import FeeRule
from rostrum.areas.governance import clocks
from rostrum.areas.governance import queries as governance
from rostrum.kernel.clocks import Deadline
from rostrum.kernel.decisions import InvalidInput
from rostrum.policy.packs.model import Exemption

RESPOND, DESTROY_BAR = "respond_target", "destroy_bar"


def deadline(clock_id: str, started_at: datetime) -> Deadline:
    """Run one of the law's clocks. Raises `InvalidInput` when no active pack has it."""
    return clocks.deadline(clock_id, started_at)


def respond_by(received_at: datetime) -> Deadline:
    """When a response is due: a target, for the statute says "as soon as practicable and without delay"."""
    return deadline(RESPOND, received_at)


def known_exemptions() -> dict[str, Exemption]:
    """Every exemption of the active packs by id, in the packs' order."""
    return {exemption.id: exemption for exemption in governance.policy().exemptions}


def fee_rule() -> FeeRule:
    """The law's thresholds for fees, in cents. Raises `InvalidInput` when no active pack has them."""
    over = {rule.id: rule.over_cents for rule in governance.policy().fees}
    if not {"locating", "prepayment"} <= set(over):
        raise InvalidInput("fees", "no active pack has the fee rules for locating and prepayment")
    return FeeRule(location_from_cents=over["locating"], prepayment_above_cents=over["prepayment"])


def notice(notice_id: str, **fields: str) -> str:
    """A notice text of the active packs, without its heading, its ``{{name}}`` marks filled in.

    Raises `InvalidInput` when no active pack has it, or a mark is left: a denial without its review notice must not go
    out.
    """
    for found in governance.policy().notices:
        if found.id == notice_id:
            text = found.text
            for name, value in fields.items():
                text = text.replace("{{" + name + "}}", value)
            if "{{" in text:
                raise InvalidInput(f"notice {notice_id!r}", "has a mark that nothing fills in")
            # Its lines are folded for the file, not for the reader.
            return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))
    raise InvalidInput(f"notice {notice_id!r}", "no active pack has it")
