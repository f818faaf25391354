"""The components, as template tags. docs/how-to/write-a-page.md shows each in use."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import forms, template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BoundField
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from rostrum.areas.channels.costs import Cost
from rostrum.areas.channels.models import Channel
from rostrum.kernel.decisions import Decision, Reason
from rostrum.kernel.findings import Finding, Strength
from rostrum.kernel.legal_days import day_ending_at
from rostrum.web.channel_costs import costs_of
from rostrum.web.clauses import cite, clause_url
from rostrum.web.diff import passage_changes, word_changes
from rostrum.web.double_posting import FIELD

register = template.Library()

# What a strength means to somebody writing; the colour alone never tells.
_STRENGTHS = {
    Strength.BLOCK: ("Stops publishing", "stop", "do_not_disturb"),
    Strength.WARN: ("Needs clearing", "wait", "warning"),
    Strength.DUTY: ("Opens a duty", "info", "event"),
    Strength.RECORD: ("Is recorded", "quiet", "save_alt"),
    Strength.INFORM: ("Good to know", "info", "info"),
    Strength.JUDGE: ("A person decides", "wait", "person"),
}


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """Draw an icon of the design system's sprite; it is decoration, so its neighbour must carry the words."""
    return format_html(
        '<svg class="usa-icon" aria-hidden="true" focusable="false" role="img"><use href="{}#{}"></use></svg>',
        static("vendor/uswds/img/sprite.svg"),
        name,
    )


@register.simple_tag
def request_token() -> SafeString:
    """Put the hidden field that lets a form act once (web/double_posting.py) into it."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, secrets.token_urlsafe(18))


@register.simple_tag
def crumbs(*pairs: str) -> list[dict[str, str]]:
    """Make a breadcrumb's trail: text, address, text, address, …"""
    return [{"text": text, "url": url} for text, url in zip(pairs[::2], pairs[1::2], strict=True)]


@register.simple_tag
def words(pattern: str, *values: object) -> str:
    """Put values into the gaps of some words: a heading names what the page is about."""
    return pattern.format(*values)


@register.inclusion_tag("components/page_header.html")
def page_header(
    title: str,
    *,
    lead: str = "",
    trail: list[dict[str, str]] | None = None,
    state: str = "",
    kind: str = "quiet",
    note: str = "",
) -> dict[str, Any]:
    """Show the page's one h1, with its breadcrumb, a note above, a state tag, and what the page is for."""
    return {"title": title, "lead": lead, "trail": trail or [], "state": state, "kind": kind, "note": note}


# How much of the text is quoted on each side of a finding's place.
_AROUND = 30


def _place(text: str, finding: Finding) -> dict[str, str]:
    """The finding's place quoted from the text it is about; empty when it is about the whole."""
    if finding.start is None or finding.end is None or not text:
        return {}
    start, end = finding.start, finding.end
    return {
        "before": ("…" if start > _AROUND else "") + text[max(0, start - _AROUND) : start],
        "marked": text[start:end],
        "after": text[end : end + _AROUND] + ("…" if end + _AROUND < len(text) else ""),
    }


@register.inclusion_tag("components/findings.html")
def findings(found: Iterable[Finding], empty: str = "", *, text: str = "") -> dict[str, Any]:
    """List findings: what is said, the clause it rests on, what to do, how strongly; with `text`, the place quoted."""
    order = list(Strength)
    rows = [
        {
            "finding": one,
            "words": words,
            "kind": kind,
            "icon": symbol,
            "clause_url": clause_url(one.clause),
            "place": _place(text, one),
        }
        for one in sorted(found, key=lambda one: order.index(one.strength))
        for words, kind, symbol in [_STRENGTHS[one.strength]]
    ]
    return {"rows": rows, "empty": empty}


def _reasons(decision: Decision | Iterable[Reason]) -> list[dict[str, Any]]:
    against = decision.against if isinstance(decision, Decision) else decision
    return [{"message": one.message, "clause": cite(one.clause) if one.clause else None} for one in against]


@register.inclusion_tag("components/reasons.html")
def reasons(decision: Decision | Iterable[Reason], label: str = "Why not") -> dict[str, Any]:
    """List the reasons against an act, each with its clause."""
    return {"reasons": _reasons(decision), "label": label}


@register.inclusion_tag("components/act_button.html")
def act_button(
    text: str, decision: Decision | None = None, *, name: str = "", value: str = "", kind: str = ""
) -> dict[str, Any]:
    """Show a form's button; when the decision is against, it is disabled and the reasons stand beside it.

    `kind` is "" (the page's main act), "outline", "base" or "secondary" (something is taken away).
    """
    return {
        "text": text,
        "name": name,
        "value": value,
        "kind": kind,
        "reasons": _reasons(decision) if decision else [],
        "id": f"why-{secrets.token_hex(4)}",
    }


@register.simple_tag
@lru_cache(maxsize=512)
def state_tag(text: str, kind: str = "quiet") -> SafeString:
    """Show a state in words. `kind` only colours it: ok, wait, stop, info, quiet."""
    return format_html('<span class="ros-state ros-state--{}">{}</span>', kind, text)


@register.inclusion_tag("components/empty_state.html")
def empty_state(title: str, text: str = "", *, url: str = "", action: str = "") -> dict[str, str]:
    """Say that there is nothing, why, and what one could do."""
    return {"title": title, "text": text, "url": url, "action": action}


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: forms.BaseForm) -> dict[str, Any]:
    """List a form's errors above it, each leading to its field; shows nothing when there are none."""
    rows = [{"label": field.label, "id": field.id_for_label, "errors": field.errors} for field in form if field.errors]
    return {"rows": rows, "general": form.non_field_errors(), "count": len(form.errors)}


_WIDGET_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "usa-checkbox__input"),
    (forms.RadioSelect, "usa-radio__input"),
    (forms.CheckboxInput, "usa-checkbox__input"),
    (forms.Select, "usa-select"),
    (forms.Textarea, "usa-textarea"),
    (forms.ClearableFileInput, "usa-file-input__plain"),
)


def _input(bound: BoundField, attributes: dict[str, Any]) -> SafeString:
    """The input itself. Lists of choices are written here: Django renders a template for each option."""
    widget = bound.field.widget
    if type(widget) is not forms.Select or any(isinstance(text, list | tuple) for _, text in widget.choices):
        return bound.as_widget(attrs=attributes)
    given = bound.value()
    chosen = "" if given is None else str(given)
    options = _options(tuple((str(value), str(text)) for value, text in widget.choices), chosen)
    known = {"name": bound.html_name, "id": bound.auto_id} | widget.attrs | attributes
    written = format_html_join("", ' {}="{}"', ((name, value) for name, value in known.items() if value is not True))
    flags = format_html_join("", " {}", ((name,) for name, value in known.items() if value is True))
    return format_html("<select{}{}>{}</select>", written, flags, options)


@lru_cache(maxsize=256)
def _options(choices: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    # The filters of a register offer the same hundred choices on every page.
    selected = mark_safe(" selected")
    return format_html_join(
        "\n",
        '<option value="{}"{}>{}</option>',
        ((value, selected if value == chosen else "", text) for value, text in choices),
    )


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, *, hint: str = "") -> dict[str, Any]:
    """Show one form field with its label, hint and errors joined to it. Choices become a fieldset.

    A form says which fields it marks: `marks = "optional"` (as without it), "required" where most are optional, or
    "none" for filters.
    """
    widget = bound.field.widget
    css = next((name for kind, name in _WIDGET_CLASSES if isinstance(widget, kind)), "usa-input")
    text = hint or bound.help_text
    described = [f"{bound.auto_id}-hint"] if text else []
    attributes: dict[str, Any] = {"class": css + (" usa-input--error" if bound.errors else "")}
    if bound.errors:
        described.append(f"{bound.auto_id}-error")
        attributes["aria-invalid"] = "true"
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.field.required and not isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        attributes["required"] = True
    is_group = isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect)
    # Django's many-boxes widget is a kind of its radio buttons, so it is asked for first.
    kind = "checkbox" if isinstance(widget, forms.CheckboxSelectMultiple) else "radio"
    marks = getattr(bound.form, "marks", "optional")
    mark = ""
    if marks == ("required" if bound.field.required else "optional"):
        mark = f"({marks})"
    return {
        "bound": bound,
        "mark": mark,
        "hint": text,
        "is_group": is_group,
        "is_checkbox": isinstance(widget, forms.CheckboxInput),
        "kind": kind,
        "options": list(bound.subwidgets) if is_group else [],
        "input": "" if is_group else _input(bound, attributes),
        "described": " ".join(described),
    }


@register.filter
def number(count: int | None) -> str:
    """Show a count as people here write it: 12,345; nothing where there is none."""
    return "" if count is None else f"{count:,}"


@register.simple_tag
def moment(at: datetime | None, *, absent: str = "not yet") -> SafeString | str:
    """Show an instant in the body's legal time zone, with the exact one for machines and on hover."""
    if at is None:
        return absent
    local = at.astimezone(ZoneInfo(settings.LEGAL_TIME_ZONE))
    exact = local.isoformat(timespec="seconds")
    half = "p.m." if local.hour >= 12 else "a.m."
    words = (
        f"{_MONTHS[local.month - 1]} {local.day}, {local.year}, "
        f"{local.hour % 12 or 12}:{local.minute:02} {half} {local.tzname()}"
    )
    # By hand: a register shows a hundred instants, and Django's own formatting takes ten times as long. Numbers and
    # our own words only, so there is nothing to escape.
    return mark_safe(f'<time datetime="{exact}" title="{exact}">{words}</time>')  # noqa: S308


_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


@register.simple_tag
def day(on: date | None, *, absent: str = "no date") -> SafeString | str:
    """Show a civil date with its weekday."""
    if on is None:
        return absent
    words = f"{_WEEKDAYS[on.weekday()]}, {_MONTHS[on.month - 1]} {on.day}, {on.year}"
    return mark_safe(f'<time datetime="{on.isoformat()}">{words}</time>')  # noqa: S308 - as above


@register.simple_tag
def until(at: datetime | None, *, absent: str = "no date") -> SafeString | str:
    """Show until when something is due or lasts: the day, where it is to the day's end; else the instant."""
    on = day_ending_at(at, settings.LEGAL_TIME_ZONE) if at else None
    return day(on) if on else moment(at, absent=absent)


@register.inclusion_tag("components/pages.html", takes_context=True)
def pages(context: Context, page: Page[Any], name: str = "page") -> dict[str, Any]:
    """Show the way through a long list; keeps the rest of the address's query."""
    request = context["request"]

    def address(number: int) -> str:
        query = request.GET.copy()
        query[name] = str(number)
        return f"{request.path}?{query.urlencode()}"

    numbers = [
        {"number": number, "url": address(number), "is_here": number == page.number}
        if isinstance(number, int)
        else None
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    return {
        "page": page,
        "numbers": numbers,
        "before": address(page.previous_page_number()) if page.has_previous() else "",
        "after": address(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("components/version_diff.html")
def version_diff(old: str, new: str, *, old_title: str = "Before", new_title: str = "After") -> dict[str, Any]:
    """Show two texts side by side with the words that went and came."""
    left, right = word_changes(old, new)
    return {"left": left, "right": right, "old_title": old_title, "new_title": new_title}


@register.inclusion_tag("components/document_diff.html")
def document_diff(old: str, new: str, *, old_title: str = "Before", new_title: str = "After") -> dict[str, Any]:
    """Show what changed between two long texts: passage by passage, unchanged ones folded away."""
    number, rows = 0, []
    for passage in passage_changes(old, new):
        number += not passage.is_same
        rows.append({"passage": passage, "number": number})
    return {"rows": rows, "changed": number, "old_title": old_title, "new_title": new_title}


@register.inclusion_tag("components/progress.html")
def progress(done: int, total: int, label: str) -> dict[str, Any]:
    """Show how far something is, in words and as a bar."""
    return {"done": done, "total": total, "label": label, "percent": round(100 * done / total) if total else 0}


@register.simple_tag
def copyable(text: str, label: str = "") -> SafeString:
    """Show an id or a digest in full; with scripts, a button copies it."""
    return format_html(
        '<span class="ros-copy"><code>{0}</code><button type="button" class="ros-copy__button" data-copy="{0}" hidden>'
        'Copy<span class="usa-sr-only"> {1}</span></button></span>',
        text,
        label or text,
    )


@register.simple_tag(name="to")
@lru_cache(maxsize=8192)
def address_of(route: str, *arguments: str) -> str:
    """The address of a route, as `{% url %}` finds it, found once: for the rows of long lists."""
    return reverse(route, args=arguments)


@register.simple_tag(name="clause")
@lru_cache(maxsize=2048)
def clause_link(clause_id: str, text: str = "") -> SafeString:
    """Link a clause to the page that explains it."""
    address = clause_url(clause_id)
    if not address:
        return format_html('<span class="ros-clause">{}</span>', text or clause_id)
    return format_html('<a class="ros-clause" href="{}">{}</a>', address, text or clause_id)


@register.simple_tag
def channel_link(channel: str) -> SafeString:
    """Name a channel, given its public id, and lead to its page; an id that is no channel's is shown as it is."""
    from rostrum.areas.channels.models import Channel

    found = Channel.objects.filter(public_id=channel).values_list("name", "slug").first()
    if found is None:
        return copyable(channel, "channel id")
    return format_html('<a href="{}">{}</a>', reverse("channel", args=[found[1]]), found[0])


@register.simple_tag
def channel_costs(channel: Channel) -> list[Cost]:
    """What waits on this channel's line to its platform, as the rooms above channels tell it."""
    return costs_of(channel, timezone.now())
