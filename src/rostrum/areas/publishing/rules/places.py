"""From where somebody hands in or publishes: the body's own computer and network, or elsewhere with a reason. Pure."""

from dataclasses import dataclass

from rostrum.kernel.decisions import Decision, Reason


@dataclass(frozen=True, slots=True)
class Place:
    """Where an act is done from, as far as it is known, and why from there.

    `computer` is the public id of the body's computer whose mark the browser showed, "" for none; `browser` its kind;
    `network` the network in as many words as are kept. `reason` is what the person says where it is not the body's.
    """

    computer: str = ""
    browser: str = "not known"
    network: str = "not known"
    is_on_network: bool = False
    reason: str = ""

    @property
    def is_trusted(self) -> bool:
        """Whether it is a computer of the body, on its network."""
        return bool(self.computer) and self.is_on_network


ELSEWHERE = Place()


def decide_place(place: Place, clause: str) -> Decision:
    """Decide whether the act may be done from there: from the body's own, or with a reason; `clause` may be ""."""
    if not clause or place.is_trusted or place.reason.strip():
        return Decision()
    lacking = [
        words
        for words, is_there in (
            ("this browser is not confirmed as one on a computer of the body", bool(place.computer)),
            ("this network is not one of the body's", place.is_on_network),
        )
        if not is_there
    ]
    message = (
        f"Do it from the body's own computer and network, or say why that is not possible: {' and '.join(lacking)}."
    )
    return Decision((Reason("elsewhere", message, clause),))
