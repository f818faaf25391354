"""What is not wrong about a channel, and should be looked at before it is approved. Facts in, warnings out; pure."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from rostrum.areas.channels.rules.life import ChannelKind
from rostrum.kernel.decisions import Reason
from rostrum.kernel.lookalikes import one_step_apart, skeleton

# Shorter handles are near too many others.
_TELLING = 6
_DIGITS = re.compile(r"\d+")


def page_type_warnings(
    platform: str, kind: str, definitions: Iterable[tuple[str, Mapping[str, Any]]]
) -> tuple[Reason, ...]:
    """Warn of an official channel that is a person's profile where the platform has pages (DMA-I-B-02b).

    `definitions` are the clauses in force, each with the platform it speaks of.
    """
    return tuple(
        Reason(
            "profile-not-page",
            "This is a person's profile. Organizations use a page on this platform, which others can follow and which "
            "passes on when somebody leaves: ask for a page, or have it made into one.",
            clause,
        )
        for clause, parameters in definitions
        if kind == ChannelKind.PROFILE and parameters.get("platform") == platform
    )


def nearly_the_same(handle: str, others: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The names of the channels whose handle is one letter away from this one, look-alikes undone.

    `others` are handles with names. Handles that differ only in their numbers (ward-1, ward-2) are a series, and no
    near miss; those that look quite the same are another matter (`look_alike_of`).
    """
    drawn = skeleton(handle)
    return tuple(
        name
        for other, name in others
        if len(own := skeleton(other)) >= _TELLING
        and one_step_apart(drawn, own)
        and _DIGITS.sub("", handle.casefold()) != _DIGITS.sub("", other.casefold())
    )


def near_miss_warnings(names: Iterable[str], clause: str) -> tuple[Reason, ...]:
    """Warn that a handle differs by one letter from those of these channels; `clause` asks for their approval."""
    return tuple(
        Reason(
            "near-miss",
            f"The handle differs by a single letter from that of “{name}”. People will take one for the other, and who "
            "wants to deceive them does the same: choose another if you can.",
            clause or None,
        )
        for name in names
    )
