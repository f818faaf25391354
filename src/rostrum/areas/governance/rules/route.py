"""Who reviews and who approves a request to act on a channel, as the packs in force say it. Pure."""

from dataclasses import dataclass

from rostrum.areas.people.rules import Role
from rostrum.kernel.decisions import Decision, Reason
from rostrum.policy.compose import Policy

ROUTE_CONTROL = "grant.request-route"
REVIEWERS = "grant.request_reviewers"
APPROVERS = "grant.request_approvers"
# Where no pack says more: the department's head designates, whoever coordinates issues.
_REVIEWERS = (Role.DEPARTMENT_HEAD,)
_APPROVERS = (Role.COORDINATOR, Role.PUBLIC_AFFAIRS)


@dataclass(frozen=True, slots=True)
class RequestRoute:
    """The two steps of a request for a right: who agrees to it for the department, and who issues it."""

    reviewers: tuple[Role, ...]
    approvers: tuple[Role, ...]
    reviewing_clause: str = ""
    approving_clause: str = ""


def request_route(policy: Policy) -> RequestRoute:
    """The route that requests for a right take: a clause that names the roles, else the setting, else the usual one."""
    reviewers, reviewing = _chosen(policy, REVIEWERS, _REVIEWERS)
    management = (*policy.bound_to("grant.management-approval"), *policy.bound_to("grant.designated-spokesperson"))
    if management:
        reviewers, reviewing = _REVIEWERS, management[0].clause.id
    approvers, approving = _chosen(policy, APPROVERS, _APPROVERS)
    naming = [bound for bound in policy.bound_to("grant.issuer") if bound.binding.parameters.get("roles")]
    if naming:
        roles = naming[0].binding.parameters["roles"]
        approvers = tuple(Role(str(role)) for role in roles) if isinstance(roles, list) else approvers
        approving = naming[0].clause.id
    return RequestRoute(reviewers, approvers, reviewing, approving)


def _chosen(policy: Policy, setting: str, usual: tuple[Role, ...]) -> tuple[tuple[Role, ...], str]:
    for shown in policy.settings():
        if shown.setting.id == setting:
            known = {role.value for role in Role}
            return tuple(Role(str(one)) for one in shown.value if str(one) in known), shown.setting.clause or ""
    return usual, ""


def decide_route(policy: Policy) -> Decision:
    """Decide whether a policy may be put in force: one that asks for a route must say who reviews and who approves."""
    route = request_route(policy)
    against = []
    for bound in policy.bound_to(ROUTE_CONTROL)[:1]:
        if not route.reviewers:
            against.append(
                Reason("no-reviewers", "Say which roles review a request to act on a channel.", bound.clause.id)
            )
        if not route.approvers:
            against.append(
                Reason("no-approvers", "Say which roles approve a request to act on a channel.", bound.clause.id)
            )
    return Decision(tuple(against))
