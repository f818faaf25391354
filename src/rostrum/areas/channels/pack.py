"""What the active packs and the body's choices say about channels: who approves, which e-mail, what a page shows.

A clause's hold on a control carries parameters; they are read here into the facts of `rules`.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from rostrum.areas.channels.kinds import CONTROL as KINDS_CONTROL
from rostrum.areas.channels.kinds import reaching
from rostrum.areas.channels.platforms import PLATFORMS
from rostrum.areas.channels.rules import ELEMENTS, Step
from rostrum.areas.channels.rules.grounds import grounded
from rostrum.areas.governance import queries as governance
from rostrum.areas.people.rules import ROLE_TITLES, Role
from rostrum.kernel.decisions import Decision, Reason, Refused
from rostrum.kernel.findings import Strength
from rostrum.kernel.readings import asked_once

# The names of approval steps in packs, in the order in which they are taken, and who takes each.
_ROUTE: Mapping[str, Role] = {
    "management": Role.DEPARTMENT_HEAD,
    "state-it": Role.IT_DIRECTOR,
    "public-affairs": Role.PUBLIC_AFFAIRS,
}
# Who weighs the added risk for a department: its head, or the head of the body where it has none.
_DEPARTMENT_HEADS = (Role.DEPARTMENT_HEAD, Role.AGENCY_HEAD)
# Without a pack that says more, the coordinator approves.
_DEFAULT_STEP = Step((Role.COORDINATOR,), "social media coordinator")


def clause_of(control: str) -> str:
    """The first clause of the active packs behind a control; "" where there is none, or no pack yet."""
    return clauses().get(control, "") if governance.activation() else ""


def regularise_days() -> int:
    """Within how many days a channel that was found is approved or taken down (local choice; default 30)."""
    return int(setting("registry.regularise_days", 30)) if governance.activation() else 30


def missing_percent() -> int:
    """From which share of the known channels on a list that misses them is held (local choice; default 20)."""
    return int(setting("registry.missing_percent", 20)) if governance.activation() else 20


def unit_names() -> tuple[tuple[str, ...], ...]:
    """The names each department goes by, as the body has listed them (local choice); empty before a pack is active."""
    listed = setting("body.units", []) if governance.activation() else []
    return tuple(tuple(name.strip() for name in str(line).split("|") if name.strip()) for line in listed)


def bindings(control: str) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """The clauses of the active packs bound to a control, each with its parameters, in the order findings cite them."""
    return tuple((bound.clause.id, bound.binding.parameters) for bound in governance.policy().bound_to(control))


def clauses() -> dict[str, str]:
    """The first clause of the active packs behind each control, by the control's id."""
    return asked_once("channels.clauses", _clauses)


def _clauses() -> dict[str, str]:
    found: dict[str, str] = {}
    for bound in governance.policy().bounds:
        found.setdefault(bound.spec.id, bound.clause.id)
    return found


def refusal(code: str, message: str) -> Refused:
    """A refusal in a channel's life that no rule decides, with its ground: a clause in force, or whose rule it is."""
    return Refused(with_ground(Decision((Reason(code, message),))).against)


def with_ground(decision: Decision) -> Decision:
    """The decision, each reason against with its ground: a clause in force, or whose rule it is."""
    if decision.allowed:
        return decision
    return grounded(decision, clauses_if_any())


def clauses_if_any() -> dict[str, str]:
    """As `clauses`, and none where no pack is active yet: channels are found before there is a policy."""
    return clauses() if governance.activation() else {}


def setting(name: str, default: Any) -> Any:
    """A setting of the active packs, with the body's own choice where it has made one."""
    return governance.policy().setting(name, default)


def approval_steps() -> tuple[Step, ...]:
    """The steps that approve a channel, in order: the pack's route, else the roles it names, else the coordinator.

    Where the pack asks a department to weigh the added risk, its head's step comes first.
    """
    return asked_once("channels.steps", _approval_steps)


def _approval_steps() -> tuple[Step, ...]:
    route = {str(params.get("step")): clause for clause, params in bindings("channel.approval-route")}
    steps = [Step((role,), ROLE_TITLES[role].lower(), route[name]) for name, role in _ROUTE.items() if name in route]
    if not steps:
        named = [
            Step(roles, " or ".join(ROLE_TITLES[role].lower() for role in roles), clause)
            for clause, params in bindings("channel.site-approval")
            if (roles := tuple(Role(role) for role in params.get("roles", ())))
        ]
        steps = named[:1] or [_DEFAULT_STEP]
    if clause := risk_clause():
        steps.insert(0, Step(_DEPARTMENT_HEADS, "the department's head, who weighs the risk", clause, weighs_risk=True))
    return tuple(steps)


def binding_clause(control: str) -> str:
    """The first clause that makes the control a rule here and not only advice; "" where none does."""
    rules = (one for one in governance.policy().bound_to(control) if one.strength is Strength.BLOCK)
    return asked_once(("channels.binding", control), lambda: next((bound.clause.id for bound in rules), ""))


def advising_clause(control: str) -> str:
    """The first clause that only advises what the control does; "" where none does or one makes it a rule."""
    if binding_clause(control):
        return ""
    return next((bound.clause.id for bound in governance.policy().bound_to(control)), "")


def risk_clause() -> str:
    """The clause by which a department weighs the added risk of malware before a channel is approved; "" for none."""
    return binding_clause("channel.risk-acknowledged")


def goals_clause() -> str:
    """The clause by which a channel serves one of the goals the body lists; "" where any goal will do."""
    found = (clause for clause, params in bindings("channel.purpose") if params.get("source") == "agency-goals")
    return next(found, "")


def goals() -> tuple[str, ...]:
    """The statements of mission and goals that the body lists (local choice)."""
    return tuple(str(one).strip() for one in setting("body.goals", []) if str(one).strip())


def purposes() -> tuple[tuple[str, str], ...]:
    """The purposes that the active packs list for channels, each with its clause; empty where any will do."""
    found: dict[str, str] = {}
    for clause, params in bindings("channel.purpose"):
        for purpose in params.get("purposes", ()):
            found.setdefault(str(purpose), clause)
    return tuple(found.items())


def email_rule() -> tuple[str, str]:
    """Whether a channel is registered with the body's own e-mail, and by which clause.

    The rule is "required", "where-possible", or "" (no rule).
    """
    modes = {str(params.get("mode", "")): clause for clause, params in reversed(bindings("channel.official-email"))}
    return next(((mode, modes[mode]) for mode in ("required", "where-possible") if mode in modes), ("", ""))


def authorized_email_clause() -> str:
    """The clause by which an address of the body is used only for an approved channel; "" where there is none."""
    found = bindings("channel.official-email")
    return next((clause for clause, params in found if params.get("mode") == "only-authorized"), "")


def own_contacts() -> tuple[str, ...]:
    """What tells the body's own contact from another: its domains, telephone numbers and street addresses."""
    listed = [
        *setting("body.office_numbers", []),
        *setting("body.office_emails", []),
        *setting("body.office_addresses", []),
    ]
    return (*official_domains(), *(str(one).strip().lstrip("@") for one in listed if str(one).strip()))


def own_sites() -> tuple[str, ...]:
    """The host names under which the body's own web pages stand: its domains, and that of its web site."""
    domains = official_domains()
    body = governance.body()
    host = (urlsplit(body.website).hostname or "") if body and body.website else ""
    # A web site alone says nothing about other hosts of the body, so without domains every address counts.
    return (*domains, host.removeprefix("www.")) if domains and host else domains


def official_domains() -> tuple[str, ...]:
    """The e-mail domains of the body (local choice; none means that the rule cannot be applied yet)."""
    chosen = setting("body.government_domains", [])
    return tuple(str(domain).strip().casefold().lstrip("@") for domain in chosen if str(domain).strip())


def page_elements() -> tuple[tuple[str, tuple[str, ...], bool], ...]:
    """What the clauses ask a page to show: the element (a key of `rules.ELEMENTS`), its clauses, whether only advised.

    An element that one clause asks for and another advises is asked for, by the clause that asks first.
    """
    asked: dict[str, list[str]] = {}
    advised: dict[str, list[str]] = {}
    named = [
        *(
            (str(one.binding.parameters.get("element", "")), one)
            for one in governance.policy().bound_to("page.element")
        ),
        *(("not-legal-notice", one) for one in governance.policy().bound_to("page.not-legal-notice")),
    ]
    for element, bound in named:
        if element in ELEMENTS:
            into = asked if bound.strength is Strength.BLOCK else advised
            into.setdefault(element, []).append(bound.clause.id)
    return (
        *((element, (*clauses, *advised.get(element, ())), False) for element, clauses in asked.items()),
        *((element, tuple(clauses), True) for element, clauses in advised.items() if element not in asked),
    )


def not_legal_notice() -> str:
    """What every page says of messages that are meant as legal notice (local choice)."""
    return str(setting("page.not_legal_notice", "Nothing sent to or from here is legal notice")).strip()


def checklist_clause() -> str:
    """The clause by which a page's introduction, links and capture are looked over together; "" for none."""
    found = bindings("page.element")
    return next((clause for clause, params in found if params.get("element") == "checklist"), "")


def page_check_days() -> int:
    """How many days one look at a page counts (local choice; default 30)."""
    return int(setting("page.check_days", 30))


def page_notice_days() -> int:
    """How many days before a look lapses it is asked for again (local choice; default 7)."""
    return min(int(setting("page.notice_days", 7)), page_check_days())


def page_restore_hours() -> int:
    """Within how many hours a page shows again what it must (local choice; default 24)."""
    return int(setting("page.restore_hours", 24))


def page_read_hours() -> int:
    """Hours between two readings of a profile, where the platform shows it (local choice; default 24)."""
    return int(setting("page.read_hours", 24))


def deposit_hours() -> int:
    """Within how many hours of opening a log-in is deposited (local choice; default 24)."""
    return int(setting("custody.deposit_hours", 24))


def change_within() -> str:
    """Within which period (``PT24H``) a changed log-in is recorded: the pack's, else a day."""
    periods = [str(params["within"]) for _, params in bindings("custody.change-recorded") if params.get("within")]
    return periods[0] if periods else "PT24H"


def stale_days() -> int:
    """After how many days without use or test a log-in counts as stale (local choice; default 90)."""
    return int(setting("custody.stale_days", 90))


def disclosure_minutes() -> int:
    """For how many minutes a confirmed log-in may be seen (local choice; default 60)."""
    return int(setting("custody.disclosure_minutes", 60))


def disclosure_request_hours() -> int:
    """For how many hours a request to see a log-in waits for its second person (local choice; default 24)."""
    return int(setting("custody.disclosure_request_hours", 24))


def rotate_after_disclosure_hours() -> int:
    """Within how many hours a log-in that was seen is changed (local choice; default 48)."""
    return int(setting("custody.rotate_after_disclosure_hours", 48))


def emergency_hours() -> int:
    """For how many hours an emergency right lasts (local choice; default 4)."""
    return int(setting("custody.emergency_hours", 4))


def emergency_review_hours() -> int:
    """Within how many hours of its end an emergency right is reviewed (local choice; default 72)."""
    return int(setting("custody.emergency_review_hours", 72))


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


def definitions_beside(platform: str) -> tuple[str, ...]:
    """The clauses of the policy in force that define social media and leave this platform out, by id."""
    if governance.activation() is None:
        return ()
    within = definitions_of(platform)
    return tuple(dict.fromkeys(clause for clause, _ in bindings(KINDS_CONTROL) if clause not in within))


def question_hours() -> int:
    """Within how many hours the coordinator answers a question about a channel (local choice; default 48)."""
    return int(setting("channel.question_hours", 48))


def parts_days() -> int:
    """Within how many days the parts of a channel are taken into the inventory (local choice; default 30)."""
    return int(setting("channel.parts_days", 30))


def parts_renew_days() -> int:
    """After how many days an entry about a part is renewed (local choice; default 365; 0 for never)."""
    return int(setting("channel.parts_renew_days", 365))


def most_administrators() -> int:
    """How many administrators a channel may have on its platform (local choice; default 5; 0 for any number)."""
    return int(setting("roster.most_administrators", 5))


def roster_answer_hours() -> int:
    """Within how many hours a disagreement about administrators is answered (local choice; default 120)."""
    return int(setting("roster.answer_hours", 120))


def roster_check_days() -> int:
    """Days between two comparisons of a platform's administrators with the roster (local choice; default 90)."""
    return int(setting("roster.check_days", 90))


def apps_check_days() -> int:
    """Days between two looks at what is connected to a channel (local choice; default 90)."""
    return int(setting("apps.check_days", 90))


def app_removal_hours() -> int:
    """Within how many hours an application that is not allowed is removed (local choice; default 24)."""
    return int(setting("apps.removal_hours", 24))


def settings_check_days() -> int:
    """Days between two looks at a channel's settings on its platform (local choice; default 180)."""
    return int(setting("settings.check_days", 180))


def look_days() -> int:
    """Within how many days a recurring look at a channel is taken once it is due (local choice; default 14)."""
    return int(setting("channel.look_days", 14))
