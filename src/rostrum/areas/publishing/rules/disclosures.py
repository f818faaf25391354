"""Disclosure authorizations: who may let whom disclose what, until when, and which findings only they clear. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from rostrum.kernel.decisions import Decision, Reason
from rostrum.kernel.findings import Finding


@dataclass(frozen=True, slots=True)
class Ban:
    """The ban on disclosing protected information: its clauses, and the one that lets an authorization lift it.

    `clause` is "" where no pack in force says so; then findings are cleared as all others are.
    """

    clause: str = ""
    clauses: frozenset[str] = frozenset()

    def cited_by(self, finding: Finding) -> frozenset[str]:
        """The clauses of the ban that the finding cites; empty for a finding about something else."""
        return self.clauses & {finding.clause, *finding.also}

    def is_all_of(self, finding: Finding) -> bool:
        """Whether the finding cites nothing but the ban, so that an authorization settles all of it."""
        return {finding.clause, *finding.also} <= self.clauses


@dataclass(frozen=True, slots=True)
class AuthorizationFacts:
    """One authorization as it is about to be relied on: `covers` are clauses of the ban, instants are aware."""

    id: str
    holder: str
    covers: frozenset[str]
    starts_at: datetime
    ends_at: datetime
    authorized_by: str
    withdrawn_at: datetime | None = None

    def is_in_force(self, at: datetime) -> bool:
        """Whether it lifts the ban at this instant."""
        return self.starts_at <= at < self.ends_at and (self.withdrawn_at is None or at < self.withdrawn_at)


@dataclass(frozen=True, slots=True)
class AuthorizingFacts:
    """An authorization about to be given. `covers` are the clauses chosen, `bans` those there are to choose from."""

    actor: str
    holder: str
    holder_is_present: bool
    may_authorize: Decision
    what: str
    basis: str
    covers: frozenset[str]
    ban: Ban
    starts_at: datetime
    ends_at: datetime
    now: datetime


def decide_authorizing(facts: AuthorizingFacts) -> Decision:
    """Decide whether the disclosure may be authorized: to somebody else, of something named, until a day to come."""
    clause = facts.ban.clause or None
    against = list(facts.may_authorize.against)
    if not facts.ban.clause:
        against.append(Reason("no-ban", "The policy in force knows no disclosure that an authorization would allow."))
    if facts.actor == facts.holder:
        against.append(Reason("own-disclosure", "Nobody authorizes their own disclosure; another person must.", clause))
    if not facts.holder_is_present:
        against.append(Reason("person-left", "This person no longer works here."))
    if not facts.what.strip():
        against.append(Reason("no-matter", "Say what may be disclosed: an authorization covers what it names.", clause))
    if not facts.basis.strip():
        against.append(Reason("no-basis", "Say on what it rests: the law, the consent, the decision.", clause))
    if not facts.covers or not facts.covers <= facts.ban.clauses:
        against.append(Reason("no-kind", "Choose which kinds of protected information it covers.", clause))
    if facts.ends_at <= max(facts.starts_at, facts.now):
        against.append(Reason("no-end", "An authorization ends on a day to come, after it begins.", clause))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class WithdrawingFacts:
    """An authorization about to be withdrawn."""

    may_authorize: Decision
    is_over: bool
    reason: str


def decide_withdrawing(facts: WithdrawingFacts) -> Decision:
    """Decide whether an authorization may be withdrawn, which needs a reason."""
    against = list(facts.may_authorize.against)
    if facts.is_over:
        against.append(Reason("over", "This authorization is over already."))
    if not facts.reason.strip():
        against.append(Reason("no-reason", "Say why it is withdrawn."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class ReliedOn:
    """What clears a finding that cites the ban: nothing, or an authorization.

    `cited` are the clauses of the ban that the finding cites. `is_linked` says that one in force was linked before.
    """

    clause: str
    cited: frozenset[str]
    is_linked: bool = False
    authorization: AuthorizationFacts | None = None


def decide_reliance(facts: ReliedOn, *, actor: str, author: str, now: datetime) -> Decision:
    """Decide whether a finding that cites the ban may be cleared: only by an authorization, for what it covers.

    `author` is who discloses; `actor` links the authorization and is neither its giver nor (elsewhere) an author.
    """
    found = facts.authorization
    if found is None:
        against = () if facts.is_linked or not facts.cited else (_only_by(facts.clause),)
        return Decision(against)
    reasons = []
    if not facts.cited:
        reasons.append(Reason("nothing-to-authorize", "This finding is not about protected information."))
    if found.holder != author:
        reasons.append(
            Reason("other-holder", "The authorization is another person's, not the author's.", facts.clause or None)
        )
    if not found.is_in_force(now):
        reasons.append(Reason("not-in-force", "The authorization is not in force now.", facts.clause or None))
    if missing := facts.cited - found.covers:
        reasons.append(
            Reason(
                "not-covered",
                f"The authorization does not cover what the finding is about: {', '.join(sorted(missing))}.",
                facts.clause or None,
            )
        )
    if found.authorized_by == actor:
        reasons.append(
            Reason(
                "own-authorization",
                "Who gave the authorization does not apply it too; another person must.",
                facts.clause or None,
            )
        )
    return Decision(tuple(reasons))


def _only_by(clause: str) -> Reason:
    message = "Only a disclosure authorization clears this, for what it covers; choose one, or leave the words out."
    return Reason("only-authorized", message, clause or None)


@dataclass(frozen=True, slots=True)
class Cleared:
    """One person's clearance of a finding (by key), resting on an authorization or on their own word (None)."""

    finding: str
    authorization: AuthorizationFacts | None = None


def persons_counted(
    finding: Finding, key: str, clearances: Iterable[Cleared], *, ban: Ban, enough: int, at: datetime
) -> int:
    """How many persons count as having cleared the finding at this instant.

    One that cites the ban is cleared by nobody without an authorization in force; with one, `enough` count, unless the
    finding cites other clauses as well, for which the usual number of persons is asked.
    """
    own = [one for one in clearances if one.finding == key]
    cited = ban.cited_by(finding)
    if not cited:
        return len(own)
    authorized = any(
        one.authorization is not None and one.authorization.is_in_force(at) and cited <= one.authorization.covers
        for one in own
    )
    if not authorized:
        return 0
    return enough if ban.is_all_of(finding) else len(own)


def decide_still_authorized(
    relied_on: Iterable[tuple[str, AuthorizationFacts]], *, at: datetime, clause: str
) -> Decision:
    """Decide whether what is published at this instant is still authorized.

    `relied_on` are the authorizations that cleared findings of these bytes, each with what it covers in words.
    """
    return Decision(
        tuple(
            Reason(
                "authorization-over",
                f"The authorization to disclose is not in force when this is published: {words}.",
                clause or None,
            )
            for words, one in relied_on
            if not one.is_in_force(at)
        )
    )
