"""What the public types."""

from collections.abc import Sequence
from typing import Any

from django import forms

from rostrum.areas.disclosure.operations.intake import LONGEST_NAME, LONGEST_REQUEST
from rostrum.areas.portal.answers import LONGEST_QUESTION


class RequestForm(forms.Form):
    """A records request: only what is asked for is needed."""

    wants = forms.CharField(
        label="Which records would you like to see?",
        max_length=LONGEST_REQUEST,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": "Say which records you would like to see."},
    )
    requester_name = forms.CharField(label="Your name", max_length=LONGEST_NAME, required=False)
    requester_email = forms.EmailField(
        label="Your e-mail address",
        required=False,
        error_messages={"invalid": "This is not an e-mail address, such as name@example.org. You may leave it empty."},
    )


class FollowForm(forms.Form):
    """The code with which a request is followed."""

    code = forms.CharField(
        label="Follow code", max_length=40, error_messages={"required": "Type the code you were given."}
    )


class AnswerForm(forms.Form):
    """What the requester answers to the custodian's question."""

    answer = forms.CharField(
        label="Your answer",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write your answer first."},
    )


class LookUpForm(forms.Form):
    """An address somebody wants to check, as they saw it."""

    address = forms.CharField(
        label="Address or handle",
        max_length=LONGEST_QUESTION,
        error_messages={"required": "Type an address or a handle to check."},
    )


class DirectoryForm(forms.Form):
    """Which channels of the registry to show."""

    q = forms.CharField(label="Words", required=False, max_length=200, help_text="In the name, handle or department.")
    unit = forms.ChoiceField(label="Department", required=False)
    platform = forms.ChoiceField(label="Platform", required=False)
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[
            ("official", "Official now"),
            ("live", "Live"),
            ("paused", "Paused"),
            ("closed", "Closed"),
            ("", "All, closed ones too"),
        ],
    )

    def __init__(
        self, *args: Any, units: Sequence[tuple[str, str]], platforms: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, first, choices in (("unit", "All departments", units), ("platform", "All platforms", platforms)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", first), *choices]
