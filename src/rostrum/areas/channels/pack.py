"""What the active packs and the body's choices say about channels: who approves, which e-mail, what a page shows.

A clause's hold on a control carries parameters; they are read here into the facts of `rules`.
"""

from collections.abc import Mapping
from typing import Any

from rostrum.areas.channels.kinds import reaching
from rostrum.areas.channels.platforms import PLATFORMS
from rostrum.areas.channels.rules import ELEMENTS, Step
from rostrum.areas.governance import queries as governance
from rostrum.areas.people.rules import ROLE_TITLES, Role
from rostrum.kernel.findings import Strength

# The names of approval steps in packs, in the order in which they are taken, and who takes each.
_ROUTE: Mapping[str, Role] = {
    "management": Role.DEPARTMENT_HEAD,
    "state-it": Role.IT_DIRECTOR,
    "public-affairs": Role.PUBLIC_AFFAIRS,
}
# Without a pack that says more, the coordinator approves.
_DEFAULT_STEP = Step((Role.COORDINATOR,), "social media coordinator")


def bindings(control: str) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """The clauses of the active packs bound to a control, each with its parameters, in the order findings cite them."""
    return tuple((bound.clause.id, bound.binding.parameters) for bound in governance.policy().bound_to(control))


def clauses() -> dict[str, str]:
    """The first clause of the active packs behind each control, by the control's id."""
    found: dict[str, str] = {}
    for bound in governance.policy().bounds:
        found.setdefault(bound.spec.id, bound.clause.id)
    return found


def setting(name: str, default: Any) -> Any:
    """A setting of the active packs, with the body's own choice where it has made one."""
    return governance.policy().setting(name, default)


def approval_steps() -> tuple[Step, ...]:
    """The steps that approve a channel, in order: the pack's route, else the roles it names, else the coordinator."""
    route = {str(params.get("step")): clause for clause, params in bindings("channel.approval-route")}
    steps = [Step((role,), ROLE_TITLES[role].lower(), route[name]) for name, role in _ROUTE.items() if name in route]
    if steps:
        return tuple(steps)
    for clause, params in bindings("channel.site-approval"):
        if roles := tuple(Role(role) for role in params.get("roles", ())):
            return (Step(roles, " or ".join(ROLE_TITLES[role].lower() for role in roles), clause),)
    return (_DEFAULT_STEP,)


def purposes() -> tuple[tuple[str, str], ...]:
    """The purposes that the active packs list for channels, each with its clause; empty where any will do."""
    found: dict[str, str] = {}
    for clause, params in bindings("channel.purpose"):
        for purpose in params.get("purposes", ()):
            found.setdefault(str(purpose), clause)
    return tuple(found.items())


def email_rule() -> str:
    """Whether a channel is registered with the body's own e-mail: "required", "where-possible", or "" (no rule)."""
    modes = [str(params.get("mode", "")) for _, params in bindings("channel.official-email")]
    return next((mode for mode in ("required", "where-possible") if mode in modes), "")


def official_domains() -> tuple[str, ...]:
    """The e-mail domains of the body (local choice; none means that the rule cannot be applied yet)."""
    chosen = setting("body.government_domains", [])
    return tuple(str(domain).strip().casefold().lstrip("@") for domain in chosen if str(domain).strip())


def page_elements() -> tuple[tuple[str, str], ...]:
    """The clauses that ask a page to show something, each with the element (a key of `rules.ELEMENTS`)."""
    found = [
        (bound.clause.id, str(bound.binding.parameters.get("element", "")))
        for bound in governance.policy().bound_to("page.element")
        # What a pack only advises stops no channel.
        if bound.strength is Strength.BLOCK
    ]
    return tuple((clause, element) for clause, element in found if element in ELEMENTS)


def deposit_hours() -> int:
    """Within how many hours of opening a log-in is deposited (local choice; default 24)."""
    return int(setting("custody.deposit_hours", 24))


def reconnect_hours() -> int:
    """Within how many hours a lost connection is restored (local choice; default 4)."""
    return int(setting("channel.reconnect_hours", 4))


def body_name() -> str:
    """The name of the body that owns every channel."""
    body = governance.body()
    return body.name if body else "This body"


def definitions_of(platform: str) -> tuple[str, ...]:
    """The clauses of the policy in force whose definition of social media takes this platform in, by id."""
    facts = PLATFORMS.get(platform)
    if facts is None or governance.activation() is None:
        return ()
    return tuple(clause.id for clause in reaching(governance.policy().clauses(), facts))
