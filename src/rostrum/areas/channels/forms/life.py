"""Forms of the life of a channel."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from rostrum.areas.channels.platforms import PLATFORMS
from rostrum.areas.channels.rules import KIND_TITLES, USE_TITLES, Use
from rostrum.areas.channels.rules.asking import purpose_title
from rostrum.areas.people.models import Unit, User
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
    why_alike = _area(
        "Why its handle is like another channel’s", "Only when it can be mistaken for another of ours.", rows=2
    )
    found = forms.CharField(widget=forms.HiddenInput, required=False)
    unit = forms.ModelChoiceField(
        Unit.objects.all(),
        label="Department that maintains it",
        to_field_name="slug",
        help_text="It answers for the content.",
    )
    use = forms.ChoiceField(
        label="Whose use it is",
        widget=forms.RadioSelect,
        choices=[(code.value, title) for code, title in USE_TITLES.items()],
        initial=Use.OFFICIAL.value,
        help_text="What is only personal needs no approval and stays outside.",
    )
    purpose = _area("Purpose", "What the channel is for, and for whom.", required=True)
    mission_goal = _area("Goal of the mission", "Which goal of the body's mission it serves.", required=True)
    business_case = _area(
        "Business case",
        "What it brings, what it costs in time, and why this platform. Deciding on it is no matter of IT.",
    )
    capture_plan = _area(
        "How it will be captured", "How posts and comments get into the archive. Needed before it goes live."
    )

    risk_acknowledged = forms.BooleanField(
        label="As the department's head I have weighed the added risk of viruses, spyware and malware.",
        help_text="Such sites can slow or crash machines, and put other users of the network at risk.",
        required=False,
    )

    def __init__(
        self, *args: Any, purposes: Sequence[str] = (), goals: Sequence[str] = (), is_head: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if goals:
            self.fields["mission_goal"] = forms.ChoiceField(
                label="Goal of the mission",
                choices=[("", "Choose"), *((goal, goal) for goal in goals)],
                help_text="One of the goals the body lists.",
            )
        if not is_head:
            del self.fields["risk_acknowledged"]
        if purposes:
            self.fields["serves"] = forms.MultipleChoiceField(
                label="Which of these it serves",
                widget=forms.CheckboxSelectMultiple,
                choices=[(code, purpose_title(code)) for code in purposes],
            )

    def operation_arguments(self) -> dict[str, Any]:
        """The cleaned values as `operations.request_channel` takes them."""
        return dict(self.cleaned_data)


class StepForm(forms.Form):
    """A step of the approval, with a note, or the reason of a decline."""

    note = _area("Note", "Kept with the approval. Needed to decline.", rows=2)
    risk_acknowledged = forms.BooleanField(
        label="I have weighed the added risk of viruses, spyware and malware for the department.", required=False
    )


class UseForm(forms.Form):
    """Whose use a channel is of, decided."""

    use = forms.ChoiceField(
        label="It is",
        choices=[
            (Use.OFFICIAL.value, "an official channel of the body"),
            (Use.PERSONAL.value, "only personal, and no channel"),
        ],
    )
    use_reason = _area("Reason", "It stays with the channel's history.", required=True, rows=2)


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
    registered_name = forms.CharField(
        label="Name it is registered with",
        max_length=200,
        required=False,
        help_text="As the platform has it. Empty: the channel's name.",
    )
    registered_contact = forms.CharField(
        label="Contact it is registered with",
        max_length=300,
        required=False,
        help_text="Address, telephone or e-mail as the platform has it. Empty: the e-mail address above.",
    )
    why_other_name = _area(
        "Why the body's own name or contact could not be used", "Only when one of the two is not the body's.", rows=2
    )
    copyright_holder = forms.CharField(
        label="Who holds the copyright in its posts", max_length=200, required=False, help_text="Empty: the body."
    )

    def __init__(self, *args: Any, fields: Sequence[Field] = (), persons: Iterable[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._persons = {one.public_id: one for one in persons}
        self.fields["tied_to"] = forms.ChoiceField(
            label="Reached through the personal profile of",
            required=False,
            choices=[
                ("", "Nobody's: it has a log-in of its own"),
                *((key, one.name) for key, one in self._persons.items()),
            ],
            help_text="Some platforms let a body in only through somebody's own profile. The channel's page says so.",
        )
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
            "tied_to": self._persons.get(values.pop("tied_to")),
            **values,
        }


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


class ReasonForm(forms.Form):
    """Why a channel is paused or closed."""

    reason = _area("Reason", "It stays with the channel's history.", required=True, rows=2)
