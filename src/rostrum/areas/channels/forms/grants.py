"""Forms about rights on channels."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings

from rostrum.areas.channels import granting
from rostrum.areas.channels.models import Channel
from rostrum.areas.people.models import Unit, User
from rostrum.areas.people.rules import RIGHT_TITLES


def start_of_day(on: date) -> datetime:
    """The first instant of a civil day in the legal time zone."""
    return datetime.combine(on, time.min, ZoneInfo(settings.LEGAL_TIME_ZONE))


class PersonField(forms.CharField):
    """A person by work e-mail address, or by name where only one is called so: a list of thousands is no help."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 254)
        kwargs.setdefault("help_text", "Work e-mail address, or the whole name.")
        super().__init__(**kwargs)

    def clean(self, value: Any) -> User | None:
        """The person meant. Raises `ValidationError` naming what to correct."""
        words = str(super().clean(value)).strip()
        if not words:
            return None
        found = list(User.objects.filter(email__iexact=words)[:1])
        found = found or list(User.objects.filter(name__iexact=words, is_active=True)[:2])
        if not found:
            raise forms.ValidationError("Nobody here has this address or name.")
        if len(found) > 1:
            raise forms.ValidationError("More than one person is called so; give the work e-mail address.")
        return found[0]


def _area(label: str, help_text: str = "", *, required: bool = True, rows: int = 2) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
    )


def _day(label: str, help_text: str) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, help_text=help_text, widget=forms.DateInput(attrs={"type": "date"})
    )


class AskForm(forms.Form):
    """A right to ask for. The last day is inclusive and civil; the first is today where none is given."""

    person = PersonField(label="Who")
    where = forms.ChoiceField(label="On")
    right = forms.ChoiceField(label="May", choices=[(right.value, title) for right, title in RIGHT_TITLES.items()])
    starts_at = _day("First day", "Empty: as soon as it is issued.")
    ends_at = _day("Last day", "Empty: until ended. A contractor's right needs one.")
    need = _area("Why it is needed", "Access is for those who need it.")
    job_duty = _area("Which duty of the job it serves")
    position_description = forms.CharField(
        label="Where the position description says so", required=False, max_length=300
    )
    topics = _area(
        "Programme areas",
        "One per line. Empty: all of the department's. A post about another is warned of.",
        required=False,
    )
    job_classification = forms.CharField(label="Job classification", required=False, max_length=200)
    sponsor = PersonField(label="Sponsor of a contractor", required=False)
    contract_reference = forms.CharField(label="Contract", required=False, max_length=300)
    represents = PersonField(label="Speaks for the elected official", required=False)

    def __init__(self, *args: Any, channels: Iterable[Channel], units: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._channels = {f"channel:{one.slug}": one for one in channels}
        self._units = {f"unit:{one.slug}": one for one in units}
        where = self.fields["where"]
        if not isinstance(where, forms.ChoiceField):
            raise TypeError("`where` is a choice")
        where.choices = [
            ("", "Choose"),
            *((key, f"{one.name} ({one.platform.name})") for key, one in self._channels.items()),
            *((key, f"All channels of {one.name}") for key, one in self._units.items()),
        ]
        if granting.classifications() is None:
            del self.fields["job_classification"]
        if not granting.elected_clause():
            del self.fields["represents"]

    def operation_arguments(self) -> dict[str, Any]:
        """The cleaned values as `operations.grants.request_right` takes them."""
        values = dict(self.cleaned_data)
        where = str(values.pop("where"))
        channel = self._channels.get(where)
        first, last = values.pop("starts_at"), values.pop("ends_at")
        return values | {
            "channel": channel,
            "unit": channel.unit if channel else self._units[where],
            "starts_at": start_of_day(first) if first else None,
            "ends_at": start_of_day(last + timedelta(days=1)) if last else None,
            "topics": lines_of(str(values.pop("topics"))),
        }


def lines_of(text: str) -> list[str]:
    """What was typed one per line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class DesignateForm(forms.Form):
    """What the department adds when it agrees; the programme areas are as it leaves them."""

    cap_reason = _area(
        "Why one more may speak", "Asked where the department passes its number of posters.", required=False
    )
    position_description = forms.CharField(
        label="Where the position description says so", required=False, max_length=300
    )
    topics = _area(
        "Programme areas",
        "One per line: what this person speaks about. Empty: all of the department's.",
        required=False,
    )
    sponsor = PersonField(label="Sponsor of a contractor", required=False)
    contract_reference = forms.CharField(label="Contract", required=False, max_length=300)

    def clean_topics(self) -> list[str] | None:
        """The areas typed; None where the form was sent without the field, so that what was asked for stays."""
        return lines_of(self.cleaned_data["topics"]) if "topics" in self.data else None


class AcceptForm(forms.Form):
    """The statements to accept, and the name as signature."""

    signature = forms.CharField(
        label="Your name, as your signature", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.code, one.words) for one in granting.statements()]
        self.fields["statements"] = forms.MultipleChoiceField(
            label="I accept each of these", choices=choices, widget=forms.CheckboxSelectMultiple
        )
        self.order_fields(["statements", "signature"])


class WhyForm(forms.Form):
    """A reason that stays with the record."""

    reason = _area("Reason")


class DenyForm(forms.Form):
    """Who may not post, and why."""

    person = PersonField(label="Who")
    reason = _area("Which finding it rests on")
