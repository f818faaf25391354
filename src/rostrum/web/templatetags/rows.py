"""The rows of registers that show fifty at once, written by hand: a template takes five times as long for each.

In a template: {% load rows %}. Whatever comes from the database is escaped; the same rows are as readable on one line
each as in a template.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from rostrum.web.templatetags.rostrum import address_of, clause_link, day, moment, state_tag

register = template.Library()


def safe(text: str) -> str:
    """The text escaped. The fields of these rows are plain text: what Django asks besides takes twice as long."""
    return escape(text)


@register.simple_tag
def duty_rows(rows: Iterable[Mapping[str, Any]]) -> SafeString:
    """Show duties as rows of a table: what, owed by whom, due, by which clock and clause, done when."""
    return mark_safe("".join(_duty_row(row) for row in rows))  # noqa: S308 - escaped value by value


def _duty_row(row: Mapping[str, Any]) -> str:
    under = _under(row["department"], before="<br>")
    counted = f"{safe(row['counting'])}<br>{clause_link(row['clause'])}" if row["clause"] else safe(row["counting"])
    return (
        f'<tr><th scope="row"><a href="{address_of("duty", row["id"])}">{safe(row["title"])}</a></th>'
        f'<td data-label="Owed by">{safe(row["whose"])}{under}</td>'
        f'<td data-label="Due">{_due(row)}</td>'
        f'<td data-label="Clock and clause">{counted}</td>'
        f'<td data-label="{"Closed by" if row["closed_at"] else "Done when"}">'
        f'<span class="ros-break">{safe(row["closed_by"])}</span></td></tr>'
    )


def _due(row: Mapping[str, Any]) -> str:
    begins = ""
    if row["is_overdue"]:
        begins = f"{_OVERDUE} since "
    elif row["closed_at"]:
        begins = f"{_CLOSED_LATE if row['was_late'] else _CLOSED} {moment(row['closed_at'])}<br>due "
    at = day(row["due_on"]) if row["due_on"] else moment(row["due_at"], absent="No date")
    other = row["other_on"]
    return (
        begins + at + (_under(f"or {day(other)}, counted otherwise", before="<br>", is_written=True) if other else "")
    )


_OVERDUE = state_tag("Overdue", "stop")
_CLOSED_LATE = state_tag("Closed late", "wait")
_CLOSED = state_tag("Closed", "ok")
_PRESENT = state_tag("Present", "ok")
_LEFT = state_tag("Left", "quiet")
_TERMS_CHANGED = state_tag("Terms changed, review open", "stop")


@register.simple_tag
def channel_rows(rows: Iterable[Mapping[str, Any]]) -> SafeString:
    """Show channels as rows of a table: which, on what platform, whose, where it stands, and its line."""
    return mark_safe("".join(_channel_row(row) for row in rows))  # noqa: S308 - escaped value by value


def _channel_row(row: Mapping[str, Any]) -> str:
    channel = row["channel"]
    line = '<span class="ros-quiet">None yet</span>'
    if row["health"]:
        since = channel.trouble_since
        line = _state(row["health"], row["health_kind"]) + (
            _under(f"since {moment(since)}", before=" ", is_written=True) if since else ""
        )
    return (
        f'<tr><th scope="row"><a href="{address_of("channel", channel.slug)}">{safe(channel.name)}</a>'
        f"{_under(channel.handle and '@' + channel.handle, before=' ')}</th>"
        f'<td data-label="Platform">{safe(channel.platform_name)}</td>'
        f'<td data-label="Department">{safe(channel.department)}</td>'
        f'<td data-label="State">{_state(row["state"], row["state_kind"])}'
        f"{' ' + _TERMS_CHANGED if row['terms_open'] else ''}</td>"
        f'<td data-label="Line to the platform">{line}</td></tr>'
    )


@register.simple_tag
def person_rows(rows: Iterable[tuple[Mapping[str, Any], Sequence[str]]]) -> SafeString:
    """Show persons as rows of a table: who, whose, the roles given, and whether they are still here."""
    return mark_safe("".join(_person_row(one, roles) for one, roles in rows))  # noqa: S308 - escaped value by value


def _person_row(one: Mapping[str, Any], roles: Sequence[str]) -> str:
    return (
        f'<tr><th scope="row"><a href="{address_of("person", one["public_id"])}">{safe(one["name"])}</a>'
        f"{_under(one['title'], before='<br>')}</th>"
        f'<td data-label="Department">{safe(one["unit__name"] or "None")}</td>'
        f'<td data-label="Roles given">{safe(", ".join(roles)) or "None"}</td>'
        f'<td data-label="State">{_PRESENT if one["is_active"] else _LEFT}</td></tr>'
    )


def _under(text: str, *, before: str, is_written: bool = False) -> str:
    """What stands small beside or below a cell's text; nothing where there is none."""
    return f'{before}<span class="ros-table__under">{text if is_written else safe(text)}</span>' if text else ""


@lru_cache(maxsize=256)
def _state(text: str, kind: str) -> str:
    return f'<span class="ros-state ros-state--{kind}">{safe(text)}</span>'
