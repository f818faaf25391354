"""Clause by clause: does this hold? Puts the packs' clauses beside the controls that the areas have registered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import structlog
from django.apps import apps

from rostrum.areas.channels import queries as channels
from rostrum.areas.channels.models import Channel
from rostrum.areas.governance import queries as governance
from rostrum.areas.people import queries as people
from rostrum.areas.people.rules import Right, Role
from rostrum.kernel.readings import one_reading
from rostrum.policy.controls import LiveControl
from rostrum.policy.coverage import ClauseStanding, Status, counted, cover
from rostrum.policy.packs import Layer, Pack, load_shipped, policy_packs

log = structlog.get_logger("rostrum.assurance")


def live_controls() -> Iterator[LiveControl]:
    """Every control that an area has registered in its `controls.py`."""
    for config in apps.get_app_configs():
        if config.name.startswith("rostrum.areas.") and find_spec(f"{config.name}.controls"):
            yield from import_module(f"{config.name}.controls").CONTROLS


def standings() -> tuple[ClauseStanding, ...]:
    """Every clause of the five policies with its status, its controls and their evidence now."""
    # Nothing changes meanwhile, and most controls ask which policy is in force.
    with one_reading():
        return cover(policy_packs(), live_controls(), on_fault=_report)


def _report(control: str, problem: Exception) -> None:
    # The type only: a message may quote contents.
    log.error("evidence query failed", control=control, problem=type(problem).__qualname__)


def coverage() -> list[dict[str, Any]]:
    """The coverage as `rostrum policy coverage --json` prints it: one object per clause."""
    return [standing.to_json() for standing in standings()]


@dataclass(frozen=True, slots=True)
class SectionCoverage:
    """One section of a policy: its clauses as listed, and how many of them hold."""

    name: str
    standings: tuple[ClauseStanding, ...]

    @property
    def live(self) -> int:
        """How many of the listed clauses are live."""
        return sum(1 for standing in self.standings if standing.status is Status.LIVE)

    @property
    def duty(self) -> int:
        """How many of the listed clauses are recorded duties."""
        return sum(1 for standing in self.standings if standing.status is Status.DUTY)


@dataclass(frozen=True, slots=True)
class PackCoverage:
    """One policy with its clauses by section."""

    pack: Pack
    counts: dict[str, int]
    sections: tuple[SectionCoverage, ...]

    @property
    def total(self) -> int:
        """How many clauses the policy has."""
        return sum(self.counts.values())


def by_pack(found: Iterable[ClauseStanding], *, status: str = "", capability: str = "") -> list[PackCoverage]:
    """The standings by policy and section; `status` and `capability` narrow what is listed, never what is counted."""
    everything = list(found)
    result = []
    for pack in policy_packs():
        own = [standing for standing in everything if standing.clause.pack == pack.id]
        sections: dict[str, list[ClauseStanding]] = {}
        for standing in own:
            if (status and standing.status.value != status) or (
                capability and standing.clause.capability != capability
            ):
                continue
            sections.setdefault(_section(standing.clause.section), []).append(standing)
        counts = {one.value: number for one, number in counted(own).items()}
        result.append(
            PackCoverage(pack, counts, tuple(SectionCoverage(name, tuple(rows)) for name, rows in sections.items()))
        )
    return result


def _section(place: str) -> str:
    # "Sec. 480.010 Introduction, para 1" and "…, para 2" are one section.
    return place.split(", para", maxsplit=1)[0].split(", item", maxsplit=1)[0].split(", guidance", maxsplit=1)[0]


INVENTORY = "channel.inventory"
INVENTORY_HEAD = (
    *("id", "name", "platform", "address", "state", "owner", "unit"),
    *("administrators", "security contact", "registered e-mail", "captured by"),
)


def inventory(now: datetime) -> list[tuple[str, ...]]:
    """Every channel ever asked for and not declined, as a row of the body's information-system inventory."""
    security = ", ".join(one.email for one in people.persons_with(Role.IT_DIRECTOR, now=now)) or "none named"
    return [
        (
            one.public_id,
            one.name,
            one.platform.name,
            one.url or one.handle,
            one.state,
            one.owner,
            one.unit.name,
            _administrators(one, now),
            security,
            one.registered_email,
            one.capture_plan,
        )
        for one in Channel.objects.exclude(state="declined").select_related("platform", "unit").order_by("name", "pk")
    ]


def _administrators(channel: Channel, now: datetime) -> str:
    holders = people.holders_of_right(Right.CREDENTIAL, channel.public_id, now=now)
    heads = people.persons_with(Role.COORDINATOR, now=now)
    return ", ".join(one.email for one in (holders or heads)) or "none named"


OWN_POLICY = "governance.own-policy"


def own_policy_missing() -> str:
    """The clause that asks for a policy of the body's own, while there are channels and none; else empty."""
    if not channels.official_channels().exists() or governance.activation() is None:
        return ""
    in_force = governance.policy()
    if any(pack.layer is Layer.POLICY for pack in in_force.packs):
        return ""
    guideline = load_shipped()["wi-best-practices"]
    return next(clause.id for clause in guideline.clauses if any(one.control == OWN_POLICY for one in clause.bindings))


def shown_value(value: Any) -> str:
    """A setting's value in words."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return "; ".join(shown_value(one) for one in value) or "None listed yet"
    if isinstance(value, dict):
        return "; ".join(f"{key}: {shown_value(one)}" for key, one in value.items()) or "None listed yet"
    return str(value)


def totals(found: Iterable[ClauseStanding]) -> dict[str, int]:
    """How many clauses of all five policies stand how."""
    return {status.value: number for status, number in counted(found).items()}


def standing_of(clause_id: str) -> ClauseStanding | None:
    """One clause with its standing, or None."""
    return next((standing for standing in standings() if standing.clause.id == clause_id), None)
