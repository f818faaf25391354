"""What the active packs and the body's own choices say that publishing needs."""

from rostrum.areas.channels import pack as channel_pack
from rostrum.areas.governance import queries as governance
from rostrum.areas.publishing.rules.confirmations import Moment, Reminder
from rostrum.areas.publishing.rules.disclosures import Ban


def clause(control: str) -> str:
    """The clause of the active packs that stands behind a control; "" where none does."""
    return channel_pack.clauses().get(control, "")


def request_clause() -> str:
    """The clause by which every right to speak rests on an approved request; "" where none asks for it."""
    bound = channel_pack.bindings("grant.required")
    return next((clause for clause, parameters in bound if parameters.get("rests_on") == "approved-request"), "")


def attention_hours() -> int:
    """Within how many hours a person looks at a post that failed or differs (local choice; default 4)."""
    return int(channel_pack.setting("publish.attention_hours", 4))


def language() -> str:
    """The language of the body's posts (BCP 47; local choice, default ``en``)."""
    return str(channel_pack.setting("body.language", "en"))


def asks_areas() -> bool:
    """Whether a clause in force asks that posts stay within the programme areas of their author's right."""
    return governance.activation() is not None and bool(channel_pack.bindings("grant.topics"))


def ban() -> Ban:
    """The ban on disclosing protected information that an authorization lifts; without clauses where there is none."""
    bound = channel_pack.bindings("draft.disclosure-authorization") if governance.activation() else ()
    if not bound:
        return Ban()
    return Ban(bound[0][0], frozenset(str(one) for _, parameters in bound for one in parameters.get("clauses", ())))


def kinds_of_protected() -> tuple[tuple[str, str], ...]:
    """The clauses of the ban, each with its words, in the order of the packs."""
    listed = ban().clauses
    if not listed:
        return ()
    return tuple((one.id, one.paraphrase) for one in governance.policy().clauses() if one.id in listed)


def place_clause() -> str:
    """The clause by which one works from the body's own computer and network; "" where none asks for it."""
    return clause("publish.trusted-device") if governance.activation() is not None else ""


def trusted_networks() -> tuple[str, ...]:
    """The body's own networks (local choice; none entered means that no network counts as the body's)."""
    return tuple(str(one) for one in channel_pack.setting("security.trusted_networks", []) if str(one).strip())


def reminders(moment: Moment) -> tuple[Reminder, ...]:
    """What the active packs have a person confirm at this act; a clause that names no act means the publication."""
    return tuple(
        Reminder(
            bound.clause.id,
            str(bound.binding.parameters.get("notice", bound.clause.id)),
            str(bound.binding.parameters.get("words", bound.clause.paraphrase)),
        )
        for bound in governance.policy().bound_to("publish.confirmation")
        if bound.binding.parameters.get("at", Moment.PUBLICATION) == moment
    )
