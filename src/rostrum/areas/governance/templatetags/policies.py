"""The policies that stay in force, to be shown beside a right, a text that is written, or a conversation."""

from typing import Any

from django import template

from rostrum.areas.governance import queries

register = template.Library()


@register.filter
def policy_title(pack: str) -> str:
    """The printed title of a pack in force, given its code; another's code as it is."""
    known = queries.policy().packs if queries.activation() is not None else ()
    return next((one.title for one in known if one.id == pack), pack)


@register.inclusion_tag("governance/parts/policies_beside.html")
def policies_beside(kinds: str = "", *, title: str = "What stays in force beside it") -> dict[str, Any]:
    """List the policies that stay in force with their versions; `kinds`, separated by blanks, narrows the list."""
    return {"title": title, "listed": queries.related_policies(kinds.split() or None)}
