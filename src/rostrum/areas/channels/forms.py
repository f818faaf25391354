"""Forms of the channels area."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from rostrum.areas.channels.platforms import PLATFORMS
from rostrum.areas.channels.rules import KIND_TITLES
from rostrum.areas.people.models import Unit, User
from rostrum.areas.people.rules import RIGHT_TITLES
from rostrum.connectors.registry import Field


def _area(label: str, help_text: str = "", *, required: bool = False, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=required, widget=forms.Textarea(attrs={"rows": rows})
    )


class RequestForm(forms.Form):
    """What a channel is asked for with."""

    platform = forms.ChoiceField(
        label="Platform", choices=[(one.slug, one.name) for one in PLATFORMS.values()], initial="bluesky"
    )
    name = forms.CharField(label="Name", max_length=200, help_text="As people will read it.")
    handle = forms.CharField(
        label="Handle", max_length=200, required=False, help_text="For example parks.example.gov, with or without @."
    )
    url = forms.CharField(
        label="Address of the page", max_length=500, required=False, help_text="The handle, the address, or both."
    )
    kind = forms.ChoiceField(label="Kind", choices=[(code.value, title) for code, title in KIND_TITLES.items()])
    unit = forms.ModelChoiceField(
        Unit.objects.all(),
        label="Department that maintains it",
        to_field_name="slug",
        help_text="It answers for the content.",
    )
    purpose = _area("Purpose", "What the channel is for, and for whom.", required=True)
    mission_goal = _area("Goal of the mission", "Which goal of the body's mission it serves.", required=True)
    capture_plan = _area(
        "How it will be captured", "How posts and comments get into the archive. Needed before it goes live."
    )

    def __init__(self, *args: Any, purposes: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if purposes:
            self.fields["serves"] = forms.MultipleChoiceField(
                label="Which of these it serves",
                widget=forms.CheckboxSelectMultiple,
                choices=[(code, code.replace("-", " ").capitalize()) for code in purposes],
            )

    def operation_arguments(self) -> dict[str, Any]:
        """The cleaned values as `operations.request_channel` takes them."""
        return dict(self.cleaned_data)


class StepForm(forms.Form):
    """A step of the approval, with a note, or the reason of a decline."""

    note = _area("Note", "Kept with the approval. Needed to decline.", rows=2)


class OpenForm(forms.Form):
    """What is recorded when the channel exists on its platform; the platform adds what its connection needs."""

    registered_email = forms.EmailField(
        label="E-mail address it is registered with", help_text="An address of the body, not of one person, is best."
    )
    why_other_email = _area(
        "Why no address of the body could be used", "Only when the address is not the body's.", rows=2
    )
    native_id = forms.CharField(
        label="Its id on the platform",
        max_length=300,
        required=False,
        help_text="By it the channel's own posts are told from those of others: a DID such as did:plc:… on Bluesky, "
        "the handle on the sample square.",
    )
    copyright_holder = forms.CharField(
        label="Who holds the copyright in its posts", max_length=200, required=False, help_text="Empty: the body."
    )

    def __init__(self, *args: Any, fields: Sequence[Field] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connection_names = [field.name for field in fields]
        for field in fields:
            self.fields[field.name] = forms.CharField(
                label=field.label,
                required=field.required,
                help_text=f"{field.help}{f' For example {field.example}.' if field.example else ''}",
                max_length=500,
            )

    def operation_arguments(self) -> dict[str, Any]:
        """The cleaned values as `operations.open_channel` takes them."""
        values = dict(self.cleaned_data)
        return {
            "connection": {name: values.pop(name) for name in self.connection_names},
            **values,
        }


class DepositForm(forms.Form):
    """A log-in; what was typed is never sent back."""

    def __init__(self, *args: Any, fields: Sequence[Field], secret_names: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in fields:
            is_secret = field.name in secret_names
            self.fields[field.name] = forms.CharField(
                label=field.label,
                help_text=field.help,
                required=field.required,
                strip=not is_secret,
                max_length=1000,
                widget=forms.PasswordInput(attrs={"autocomplete": "off"})
                if is_secret
                else forms.TextInput(attrs={"autocomplete": "off"}),
            )


def _link(label: str) -> forms.URLField:
    # A link typed without its scheme is taken as https.
    return forms.URLField(label=label, required=False, max_length=500, assume_scheme="https")


class DescribeForm(forms.Form):
    """What the page must show, how it is captured, and what it is for."""

    name = forms.CharField(label="Name", max_length=200)
    purpose = _area("Purpose", required=True, rows=2)
    mission_goal = _area("Goal of the mission", required=True, rows=2)
    capture_plan = _area("How it is captured", rows=2)
    cadence_minutes = forms.IntegerField(label="Minutes between captures", min_value=1, max_value=1440)
    maintained_by = _area("Statement that the body maintains it and follows its policy", rows=2)
    policy_link = _link("Link to the policy")
    comment_policy = _area("Comment policy")
    blocking_notice = _area("Notice that breaking the comment policy leads to blocking", rows=2)
    stated_purpose = _area("Purpose as the page states it", rows=2)
    official_contact = _area("Official contact", rows=2)
    official_site_link = _link("Link back to the official site")


class GoLiveForm(forms.Form):
    """The actor's word that the page shows what it must."""

    page_seen = forms.BooleanField(
        label="I have looked at the page, and it shows each of these.",
        required=False,
    )


class RightForm(forms.Form):
    """Who may do what on the channel from now on."""

    right = forms.ChoiceField(label="May", choices=[(right.value, title) for right, title in RIGHT_TITLES.items()])

    def __init__(self, *args: Any, persons: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._persons = {one.public_id: one for one in persons}
        named = [(key, f"{one.name}, {one.unit.name}" if one.unit else one.name) for key, one in self._persons.items()]
        self.fields["person"] = forms.ChoiceField(label="Who", choices=[("", "Choose"), *named])
        self.order_fields(["person", "right"])

    def holder(self) -> User:
        """The person chosen."""
        return self._persons[self.cleaned_data["person"]]


class ReasonForm(forms.Form):
    """Why a channel is paused or closed."""

    reason = _area("Reason", "It stays with the channel's history.", required=True, rows=2)
