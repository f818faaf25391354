"""What may be taken into the registry without having been approved, and why not. Facts in, decision out; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rostrum.areas.channels.addresses import LONGEST_NAME
from rostrum.areas.channels.rules.grounds import names_its_ground
from rostrum.kernel.decisions import Decision, Reason


@dataclass(frozen=True, slots=True)
class FoundFacts:
    """A channel that exists on its platform and is to be registered as found.

    `taken_by` and `looks_like` name channels of the registry, or are ""; `why_alike` says why the likeness is no fraud.
    """

    may_keep: Decision
    name: str
    taken_by: str
    looks_like: str
    why_alike: str
    clauses: Mapping[str, str] = field(default_factory=dict)


@names_its_ground
def decide_found(facts: FoundFacts) -> Decision:
    """Decide whether the channel may be registered as found: once per address, and no look-alike unseen."""
    against = list(facts.may_keep.against)
    if not facts.name.strip():
        against.append(Reason("no-name", "Give the channel a name, as people read it."))
    if len(facts.name.strip()) > LONGEST_NAME:
        against.append(Reason("name-too-long", f"Give the channel a name of at most {LONGEST_NAME} characters."))
    if facts.taken_by:
        against.append(
            Reason("address-taken", f"This address is already the channel “{facts.taken_by}”, however it is spelt.")
        )
    elif facts.looks_like and not facts.why_alike.strip():
        against.append(
            Reason(
                "looks-alike",
                f"It can be mistaken for “{facts.looks_like}”. If it is the body's own too, say how you know.",
            )
        )
    return Decision(tuple(against))
